import type {
  CheckpointId,
  CheckpointStatus,
  CheckpointView,
} from '../../../model/checkpoint/checkpoint.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import {
  type CallCounts,
  emptyEvidence,
  type EvidenceSummary,
} from '../../../model/evidence/evidence-summary.ts';
import type { Signal } from '../../../model/incident/signal.ts';
import type { DiagnosisInput, Finding, SeenChange } from '../diagnosis-input.ts';

type Mutable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };
type Lists<Shape> = {
  -readonly [Key in keyof Shape]: Shape[Key] extends readonly (infer Item)[] ? Item[] : Shape[Key];
};
type Draft = Omit<Lists<Mutable<DiagnosisInput>>, 'evidence' | 'addresses'> & {
  evidence: Lists<Mutable<EvidenceSummary>>;
  addresses: Record<string, string>;
};

/** `14:02:11`, or `14:02:11.25` where the fraction matters. */
const at = (time: string): string => {
  const [second = '', fraction = ''] = time.split('.');
  return `2026-11-20T${second}.${fraction.padEnd(9, '0')}Z`;
};

type Reader = readonly [RegExp, (draft: Draft, parts: readonly string[]) => void];

const RATIO = String.raw`(\d+)/(\d+) -> (\d+)/(\d+)`;

/** One line of a scenario each: what it looks like and what it says. */
const READERS: readonly Reader[] = [
  [
    /^incident (\S+) (\S+)(?: by (\S+))?$/,
    (draft, [from = '', to = '', by]) => {
      draft.incident = { from: at(from), to: at(to), ...(by === undefined ? {} : { by }) };
      draft.evidence = {
        ...blankEvidence(from, to),
        baselineFrom: at('13:00:00'),
      };
    },
  ],
  [
    new RegExp(
      `^serve (\\S+) (.+): ${RATIO}(?: slow (\\d+) -> (\\d+) ms (\\d+) -> (\\d+))?(?: at (\\S+))?$`,
    ),
    serve,
  ],
  [
    new RegExp(
      `^call (\\S+) > (\\S+): ${RATIO}(?: refused (\\d+))?(?: at (\\S+))?(?: last (\\S+))?$`,
    ),
    call,
  ],
  [
    /^log (\S+) "(.+)": (\d+) -> (\d+)(?: at (\S+))?$/,
    (draft, [component = '', key = '', before, during, first]) => {
      draft.evidence.logs.push({
        component,
        key,
        sample: key,
        before: Number(before),
        during: Number(during),
        ...(first === undefined ? {} : { firstAt: at(first) }),
      });
    },
  ],
  [
    /^present (\S+): (\d+) -> (\d+)(?: silent (\d+)s)?$/,
    (draft, [component = '', before, during, silent = '0']) => {
      draft.evidence.presence.push({
        component,
        recordsBefore: Number(before),
        recordsDuring: Number(during),
        activeBefore: 1,
        silentMs: Number(silent) * 1000,
        lastSeenAt: at('14:02:10'),
      });
    },
  ],
  [
    /^refused (\S+) (\S+): (\d+)$/,
    (draft, [component = '', target = '', count]) => {
      draft.evidence.refusals.push({ component, target, count: Number(count) });
    },
  ],
  [
    /^event (\S+) (\S+) at (\S+): (.*)$/,
    (draft, [component = '', eventName = '', time = '', text = '']) => {
      draft.evidence.events.push({ component, eventName, at: at(time), text });
    },
  ],
  [
    /^address (\S+) (\S+)$/,
    (draft, [address = '', component = '']) => {
      draft.addresses[address] = component;
    },
  ],
  [
    // The clock of a component: how far it may be wrong, or `unbounded`.
    /^clock (\S+) (\S+) (?:±(\d+) ms|unbounded)(?: (\S+))?$/,
    (draft, [component = '', id = '', boundMs, method = 'span-pairs']) => {
      const bound = boundMs === undefined ? {} : { boundNs: Number(boundMs) * 1e6 };
      draft.evidence.clocks.push({ component, id, ...bound, method });
    },
  ],
  [
    // Two clocks that know each other: how far they may be off each other.
    /^clocks (\S+) (\S+) within ±(\d+) ms$/,
    (draft, [one = '', other = '', boundMs]) => {
      draft.evidence.clockPairs.push({ one, other, boundNs: Number(boundMs) * 1e6 });
    },
  ],
  [
    /^depends (\S+) > (\S+)$/,
    (draft, [from = '', to = '']) => draft.dependencies.push({ from, to }),
  ],
  [/^passive (\S+)$/, (draft, [component = '']) => draft.passive.push(component)],
  [
    // `probe fw asks 10.0.0.2 red: exit 1`; without an address it asks the component itself.
    /^probe (\S+)(?: asks (\S+))? (green|red|unknown): (.*)$/,
    (draft, [component = '', address, color, seen = '']) => {
      const known = color === 'green' || color === 'red' ? color : 'unknown';
      const check = address === undefined ? 'GET /healthz' : `${component}: run ping ${address}`;
      draft.probes.push({ check, component, color: known, seen });
    },
  ],
  [
    /^symptom (\S+) (\S+) at (\S+)$/,
    (draft, [component = '', trigger = '', time = '']) => {
      draft.symptoms.push(symptom(component, trigger, at(time)));
    },
  ],
  [
    /^change (\S+) (\S+): (\S+) -> (\S+)( irreversible)?(?: after (\S+?))?,?(?: known (\S+))?$/,
    change,
  ],
  [
    /^told (\S+) "(.+)" after (\S+)$/,
    (draft, [state = '', words = '', notBefore = '']) => {
      const change = told(state, words);
      draft.changes.push({ change, notBefore: at(notBefore) });
    },
  ],
  [
    // What a device reports of itself: `report edge1 network.interface.state_changed at 14:02:11`.
    /^report (\S+) (\S+) at (\S+)$/,
    (draft, [component = '', eventName = '', time = '']) => {
      const text = `it reported ${eventName} at ${time}`;
      const one = { component, at: at(time), text, severity: 17, isPending: false, before: 0 };
      draft.told = [...(draft.told ?? []), { ...one, eventName }];
    },
  ],
  [
    /^compared (\S+) (\S+): (.*)$/,
    (draft, [checkpoint = '', time = '', components = '']) => {
      draft.comparison = { checkpoint, at: at(time), components: components.split(' ') };
    },
  ],
  [
    /^checkpoint (\S+) (\S+) (\S+): (.*)$/,
    (draft, [id = '', status = '', time = '', states = '']) => {
      draft.checkpoints.push(
        checkpoint(id, status as CheckpointStatus, at(time), states.split(' ')),
      );
    },
  ],
  [
    /^now (\S+)=(\S+)$/,
    (draft, [state = '', fingerprint = '']) => {
      draft.current = { ...draft.current, [state]: fingerprint };
    },
  ],
];

/** Reads a scenario; throws at a line that none of the readers knows. */
export function readScenario(text: string): DiagnosisInput {
  const draft: Draft = {
    incident: { from: at('14:00:00'), to: at('14:01:00') },
    symptoms: [],
    evidence: blankEvidence('14:00:00', '14:01:00'),
    dependencies: [],
    passive: [],
    addresses: {},
    changes: [],
    probes: [],
    checkpoints: [],
  };
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const reader = READERS.find(([pattern]) => pattern.test(line));
    if (reader === undefined) throw new Error(`a scenario has no such line: ${line}`);
    reader[1](draft, reader[0].exec(line)?.slice(1) ?? []);
  }
  return draft;
}

function serve(draft: Draft, parts: readonly string[]): void {
  const [
    component = '',
    operation = '',
    k1,
    n1,
    k2,
    n2,
    slow1 = '0',
    slow2 = '0',
    ms1 = '5',
    ms2 = '5',
    first,
  ] = parts;
  const counts = (errors?: string, calls?: string, slow?: string, ms?: string) => ({
    calls: Number(calls),
    errors: Number(errors),
    slow: Number(slow),
    totalMs: Number(ms) * Number(calls),
  });
  draft.evidence.operations.push({
    component,
    operation,
    isEntry: true,
    before: counts(k1, n1, slow1, ms1),
    during: counts(k2, n2, slow2, ms2),
    ...(first === undefined ? {} : { firstErrorAt: at(first) }),
  });
}

function call(draft: Draft, parts: readonly string[]): void {
  const [from = '', to = '', k1, n1, k2, n2, refused = '0', first, last] = parts;
  const counts = (errors?: string, calls?: string, gone = 0): CallCounts => ({
    calls: Number(calls),
    errors: Number(errors),
    refused: gone,
    served: Number(calls) - gone,
    servedErrors: 0,
  });
  draft.evidence.edges.push({
    from,
    to,
    before: counts(k1, n1),
    during: counts(k2, n2, Number(refused)),
    ...(first === undefined ? {} : { firstErrorAt: at(first) }),
    ...(last === undefined ? {} : { lastErrorAt: at(last) }),
  });
}

/** A change that its provider tells in words of its own. */
function told(state: string, words: string): SeenChange['change'] {
  return {
    state,
    component: state.split('/')[0] ?? '',
    path: words,
    words,
    op: 'update',
    secret: false,
    reversible: 'yes',
    disruption: 'none',
  };
}

function change(draft: Draft, parts: readonly string[]): void {
  const [state = '', path = '', before = '', after = '', irreversible, notBefore, notAfter] = parts;
  const seen: SeenChange = {
    change: {
      state,
      component: state.split('/')[0] ?? '',
      path,
      op: 'update',
      before,
      after,
      secret: false,
      reversible: irreversible === undefined ? 'yes' : 'no',
      disruption: 'restart',
    },
    ...(notBefore === undefined ? {} : { notBefore: at(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfter: at(notAfter) }),
  };
  draft.changes.push(seen);
}

function symptom(component: string, trigger: string, time: string): Signal {
  return {
    id: `sig_${trigger}`,
    phase: 'raised',
    trigger,
    component,
    at: time,
    firstBadAt: time,
    value: 1,
    limit: 0,
    reason: `${component} is over its limit`,
    actions: ['incident'],
  };
}

/** To be filled line by line. */
function blankEvidence(from: string, to: string): Draft['evidence'] {
  return emptyEvidence(at(from), at(to)) as Draft['evidence'];
}

/** States are written `component/provider=fingerprint`, with `!` behind when compare-only. */
function checkpoint(
  id: string,
  status: CheckpointStatus,
  takenAt: string,
  states: readonly string[],
): CheckpointView {
  return {
    id: id as CheckpointId,
    status,
    statusReason: `it is ${status}`,
    pinned: false,
    level: '',
    claim: '',
    coverage: [],
    manifest: {
      version: 1,
      takenAt,
      reason: { kind: 'schedule' },
      stableFrom: takenAt,
      stableTo: takenAt,
      consistency: 'L1',
      failures: [],
      verdict: 'healthy',
      samples: [],
      watermarks: [],
      captures: states.map((text) => {
        const [state = '', fingerprint = 'old'] = text.replace('!', '').split('=');
        return {
          state,
          component: state.split('/')[0] ?? '',
          provider: state.split('/')[1] ?? '',
          providerVersion: 1,
          fingerprint,
          image: 'b' as BlobHash,
          items: 1,
          bytes: 1,
          unstable: false,
          compareOnly: text.endsWith('!'),
          coverage: { included: [], excluded: [] },
        };
      }),
    },
  };
}

/** What diagnosis answers, to be read. */
export function tellFinding(finding: Finding): string {
  const suspects = finding.suspects.map((suspect) =>
    [
      `${suspect.rank} ${suspect.component} ${suspect.kind} ` +
        `${suspect.verdict} ${suspect.score.toFixed(2)}`,
      ...(suspect.resource === undefined ? [] : [`  resource ${suspect.resource}`]),
      ...(suspect.order === undefined
        ? []
        : [`  ${suspect.order.word}: ${suspect.order.text}`]),
      ...suspect.reasons.map(({ text }) => `  - ${text}`),
    ].join('\n'),
  );
  const { helps, why, checkpoint: id, runnerUp } = finding.rollback;
  const target =
    id === undefined ? '' : ` ${id}${runnerUp === undefined ? '' : ` (or ${runnerUp})`}`;
  return [...suspects, `rollback ${helps}${target}: ${why}`, ''].join('\n');
}
