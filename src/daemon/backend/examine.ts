import { toSecond } from '../../base/time.ts';
import { machine, release, type } from 'node:os';
import type { Finding } from '../../api/contract.ts';
import type { SourceStatus } from '../../model/evidence/store-status.ts';
import type { Core } from '../core.ts';
import { mendOf } from '../host/hosts.ts';
import { goodProblem } from '../recovery/good-problem.ts';
import type { Coverage } from './coverage.ts';
import type { Entities } from './entities.ts';
import { examineClocks } from './examine-clocks.ts';
import { examineDisk, examineKey } from './examine-folder.ts';
import { examinePauses } from './examine-pauses.ts';
import { examineProviders } from './examine-providers.ts';
import { examineReach } from './examine-reach.ts';
import { examineReserves } from './examine-reserve.ts';
import { examineRuns } from './examine-runs.ts';
import { examineTimers } from './examine-timers.ts';

/** A batch waits this long for the disk without anything being wrong. */
const LAG_TOLD_MS = 2_000;

/** Looks at everything for real and says, for whatever is wrong, what would mend it. */
export async function examine(
  core: Core,
  coverage: Coverage,
  entities: Entities,
): Promise<readonly Finding[]> {
  const evidence = await core.evidence.status();
  const sources = evidence.ok ? evidence.value.sources : [];
  const clocks = await core.evidence.clocks();
  const withoutGood = [goodProblem(core)].flatMap((problem) => problem ?? []);
  const findings: Finding[] = [
    ...versions(core),
    ...(await examineKey(core.folder, core.keyId)),
    await examineDisk(core.folder.root),
    ...(await examineReserves(core)),
    evidence.ok
      ? {
          area: 'evidence',
          subject: 'process',
          ok: true,
          seen: `${evidence.value.store.records} records`,
        }
      : {
          area: 'evidence',
          subject: 'process',
          ok: false,
          seen: evidence.error.detail,
          mend: evidence.error.entry.hint,
        },
    ...sources.map((source): Finding => {
      const seen = sourceWords(source);
      const base = { area: 'source', subject: source.id, seen };
      if (source.problem === undefined && source.state === 'running') return { ...base, ok: true };
      return { ...base, ok: false, mend: source.problem ?? 'see the log for why it does not run' };
    }),
    ...[...core.warnings(), ...withoutGood].map(({ what, mend }): Finding => ({
      area: 'setup',
      subject: 'lastgood',
      ok: false,
      seen: what,
      mend,
    })),
    ...examineClocks(clocks.ok ? clocks.value : []),
    ...examineHosts(core),
    ...(await examineHealth(core)),
    ...(await examineTriggers(core)),
    ...(await examineProviders(core)),
    ...(await examineTimers(core)),
    ...examineRuns(core.rollbacks.active()),
    ...examineReach(core.inventory()),
    ...(await examinePauses(core)),
    ...(await coverage.list()).map(({ component, present, missing }): Finding => {
      const base = { area: 'coverage', subject: component };
      if (missing.length === 0) return { ...base, ok: true, seen: present.join(', ') };
      const mend = 'send or configure it, or correct requires and state of the component';
      return { ...base, ok: false, seen: `missing ${missing.join(', ')}`, mend };
    }),
    ...(await examineNames(core, entities)),
  ];
  return findings;
}

/** Who has written no inventory yet has nothing that a name could be missing from. */
async function examineNames({ config }: Core, entities: Entities): Promise<readonly Finding[]> {
  const isWritten = config().components !== undefined;
  return (await entities.unresolved()).map(
    ({ name, records, since, sources, proposal, mixed, mend }): Finding => {
      const likely =
        proposal === undefined ? '' : `; likely ${proposal.component}: ${proposal.why}`;
      const times = `${records} records since ${toSecond(since)} from ${sources.join(', ')}`;
      const what =
        mixed === undefined ? 'no component' : `more than one is called so (${mixed.join(', ')})`;
      const seen = `${what}: ${times}${likely}`;
      const base = { area: 'name', subject: name === '' ? '(no name)' : name, seen };
      return isWritten ? { ...base, ok: false, mend } : { ...base, ok: true };
    },
  );
}

/** The account of a source; what did not happen is not said. */
function sourceWords(source: SourceStatus): string {
  const { repeated, leftOut, shed, refused, lagMs, gaps = 0 } = source;
  const seldom = [
    repeated === 0 ? '' : `${repeated} repeated`,
    leftOut === 0 ? '' : `${leftOut} left out by rules`,
    gaps === 0 ? '' : `${gaps} gaps`,
    shed === 0 ? '' : `${shed} shed`,
    refused === 0 ? '' : `${refused} batches refused`,
    lagMs < LAG_TOLD_MS ? '' : `${Math.round(lagMs / 1_000)} s behind`,
  ].filter((words) => words !== '');
  const base = `${source.state}, ${source.records} records, ${source.rejects} rejects`;
  return [base, ...seldom].join(', ');
}

/** A host that is away is told once here; its states fail below with the same reason. */
function examineHosts({ hosts }: Core): readonly Finding[] {
  return hosts().map(({ name, socket, away }): Finding => {
    const base = { area: 'host', subject: name };
    if (away === undefined) return { ...base, ok: true, seen: `its runner serves at ${socket}` };
    return { ...base, ok: false, seen: away.detail, mend: mendOf(name, away) };
  });
}

/** Looks once more, so that what is said is not older than the question. */
async function examineHealth({ healthWatch }: Core): Promise<readonly Finding[]> {
  await healthWatch.look();
  return healthWatch.states().map(({ check, color, seen, since }): Finding => {
    const said = since === undefined ? seen : `${color} since ${toSecond(since)}: ${seen}`;
    const base = { area: 'health', subject: check, seen: said };
    if (color === 'green') return { ...base, ok: true };
    const mend =
      color === 'red'
        ? 'mend it, see what going back would do (lastgood rollback plan), or correct the check'
        : 'it could not be asked: correct the check under health of its component';
    return { ...base, ok: false, mend };
  });
}

/**
 * A trigger is wrong when it reads nothing at all. One of every component that reads some of them
 * is not, and no alert is what one hopes for.
 */
async function examineTriggers(core: Core): Promise<readonly Finding[]> {
  const states = await core.evidence.triggers();
  if (!states.ok) return [];
  const reading = new Set(
    states.value.filter(({ state }) => state !== 'no-data').map(({ name }) => name),
  );
  return states.value.map(({ name, component, signal, explanation: seen }): Finding => {
    const subject = component === undefined ? name : `${name} on ${component}`;
    const base = { area: 'trigger', subject, seen };
    if (reading.has(name) || signal === 'alert') return { ...base, ok: true };
    return { ...base, ok: false, mend: 'send what it reads, or remove the trigger' };
  });
}

function versions({ version }: Core): readonly Finding[] {
  const { node, sqlite = 'unknown' } = process.versions;
  const seen: Readonly<Record<string, string>> = {
    lastgood: `${version} on Node ${node}`,
    sqlite,
    kernel: `${type()} ${release()} ${machine()}`,
  };
  return Object.entries(seen).map(([subject, said]) => ({
    area: 'version',
    subject,
    ok: true,
    seen: said,
  }));
}
