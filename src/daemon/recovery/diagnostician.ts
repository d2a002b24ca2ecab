import type { Log } from '../../base/log.ts';
import { ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import { diagnose } from '../../evidence/diagnose/diagnose.ts';
import type { SeenChange } from '../../evidence/diagnose/diagnosis-input.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import type { ComponentKind } from '../../model/component/component.ts';
import { componentAddresses } from '../../model/component/component-addresses.ts';
import { TRAFFIC_KINDS } from '../../model/component/traffic-kinds.ts';
import { emptyEvidence, type EvidenceSummary } from '../../model/evidence/evidence-summary.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { Diagnosis } from '../../model/incident/suspect.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Health } from './health.ts';
import type { Inventory } from './inventory.ts';

/** What diagnosing needs. */
export interface DiagnosticianParts {
  readonly inventory: () => Inventory;
  readonly checkpoints: Checkpoints;
  readonly health: Health;
  readonly clock: Clock;
  readonly log: Log;
  /** What the streaming counters know of a window; an error while the evidence process is away. */
  readonly summary: (from: string, to: string) => Promise<Result<EvidenceSummary>>;
}

/** Gathers what diagnosis looks at, and leaves the judging to the pure function. */
export class Diagnostician {
  readonly #parts: DiagnosticianParts;

  constructor(parts: DiagnosticianParts) {
    this.#parts = parts;
  }

  async diagnose(incident: Incident): Promise<Diagnosis> {
    const began = performance.now();
    const { inventory, checkpoints, health, clock } = this.#parts;
    const from = incident.firstBadAt;
    const to = incident.closedAt ?? toRfc3339(clock.now());
    const views = checkpoints.catalogue.list();
    const base = baseOf(views, from);
    const names = inventory().components.map(({ name }) => name);
    const [evidence, probes, difference, current] = await Promise.all([
      this.#parts.summary(from, to),
      health.probe(names),
      base === undefined ? undefined : checkpoints.compare(base, 'now'),
      checkpoints.fingerprints(),
    ]);
    const by = incident.signals.find(({ firstBadAt }) => firstBadAt === from)?.component;
    const finding = diagnose({
      incident: { from, to, ...(by === undefined ? {} : { by }) },
      symptoms: incident.signals,
      evidence: evidence.ok ? evidence.value : emptyEvidence(from, to),
      dependencies: [
        ...inventory().components.flatMap(({ name, dependsOn }) =>
          dependsOn.map((needed) => ({ from: name, to: needed })),
        ),
        ...standsOnHost(inventory(), evidence.ok ? evidence.value : undefined),
      ],
      passive: inventory()
        .components.filter(({ kind }) => TRAFFIC_KINDS.has(kind))
        .map(({ name }) => name),
      addresses: componentAddresses(inventory().components),
      changes: (difference?.changes ?? []).map((change) => seen(change, views, base, current)),
      ...(base === undefined || difference === undefined
        ? {}
        : {
            comparison: {
              checkpoint: base.id,
              at: base.manifest.takenAt,
              components: difference.components,
            },
          }),
      probes,
      checkpoints: views,
      current,
    });
    return { ...finding, elapsedMs: Math.round(performance.now() - began) };
  }

  /** Says in the history of every checkpoint that holds the culprit's state that it is suspect. */
  async accuse(incident: Incident, diagnosis: Diagnosis): Promise<Result<void>> {
    const { checkpoints, clock, inventory } = this.#parts;
    const [first] = diagnosis.suspects;
    const isSure = first?.verdict === 'LIKELY' || first?.verdict === 'PROVEN';
    if (first === undefined || first.kind !== 'change' || !isSure) return ok(undefined);
    const views = checkpoints.catalogue.list();
    const base = baseOf(views, incident.firstBadAt);
    const current = await checkpoints.fingerprints();
    const states = inventory().statesOf([first.component]);
    for (const view of views) {
      const culprit = view.manifest.captures.find(
        ({ state, fingerprint }) =>
          states.some(({ id }) => id === state) &&
          fingerprint === current[state] &&
          fingerprint !== fingerprintIn(base, state),
      );
      if (culprit === undefined || isAccused(checkpoints, view.id, incident.id)) continue;
      const at = toRfc3339(clock.now());
      const { fingerprint: hash, state } = culprit;
      const added = await checkpoints.catalogue.add(view.id, [
        { kind: 'incident', at, incident: incident.id, hash, state },
      ]);
      if (!added.ok) return added;
    }
    return ok(undefined);
  }
}

function isAccused(checkpoints: Checkpoints, id: string, incident: string): boolean {
  return checkpoints.catalogue
    .facts(id)
    .some((fact) => fact.kind === 'incident' && fact.incident === incident);
}

/** The state before the trouble: the newest good checkpoint before it, else any restorable one. */
function baseOf(
  newestFirst: readonly CheckpointView[],
  before: string,
): CheckpointView | undefined {
  const older = newestFirst.filter(
    ({ manifest }) => manifest.takenAt < before && manifest.reason.kind !== 'before-rollback',
  );
  return (
    older.find(({ status }) => status === 'good' || status === 'proven') ??
    older.find(({ status }) => status === 'restorable') ??
    older[0]
  );
}

function fingerprintIn(view: CheckpointView | undefined, state: string): string | undefined {
  return view?.manifest.captures.find((capture) => capture.state === state)?.fingerprint;
}

/** Between which checkpoints the state of a change came about. */
function seen(
  change: Change,
  newestFirst: readonly CheckpointView[],
  base: CheckpointView | undefined,
  current: Readonly<Record<string, string>>,
): SeenChange {
  const old = fingerprintIn(base, change.state);
  const holding = (fingerprint: string | undefined): readonly CheckpointView[] =>
    newestFirst.filter((view) => fingerprintIn(view, change.state) === fingerprint);
  const notBefore = old === undefined ? undefined : holding(old)[0]?.manifest.stableTo;
  const now = current[change.state];
  const since = now === undefined ? undefined : holding(now).at(-1)?.manifest.stableFrom;
  const notAfter =
    notBefore !== undefined && since !== undefined && since < notBefore ? undefined : since;
  return {
    change,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
  };
}

/** Things that are machines of their own: they do not stand on the one that is compared. */
const APART: ReadonlySet<ComponentKind> = new Set([
  'network-device',
  'firewall',
  'server',
  'vm',
  'container',
]);

/** Whatever spoke stands on the machine whose whole state is compared, where there is just one. */
function standsOnHost(
  inventory: Inventory,
  evidence: EvidenceSummary | undefined,
): readonly { readonly from: string; readonly to: string }[] {
  const hosts = inventory.states.filter((state) => inventory.provider(state).isMachine);
  const [host] = hosts;
  if (host === undefined || hosts.length > 1) return [];
  const apart = inventory.components.filter(({ kind }) => APART.has(kind)).map(({ name }) => name);
  return (evidence?.presence ?? [])
    .filter(({ component }) => !apart.includes(component) && component !== host.component)
    .map(({ component }) => ({ from: component, to: host.component }));
}
