import { assert, assertUnreachable } from '../../base/assert.ts';
import type {
  AutomaticAttempt,
  Incident,
  IncidentEntry,
  IncidentState,
} from '../../model/incident/incident.ts';
import type { DuringRun } from '../../model/incident/during-run.ts';
import type { Signal } from '../../model/incident/signal.ts';

/** A run that tries to mend an incident. */
export interface IncidentRun {
  readonly run: string;
  /** Absent while it runs. */
  readonly ended?: { readonly at: string; readonly state: string; readonly healed: boolean };
}

/** An incident with what its own life is decided by, beside what it shows. */
export interface IncidentStory {
  readonly incident: Incident;
  readonly runs: readonly IncidentRun[];
  /** When the last trigger cleared, RFC 3339; absent while one fires. */
  readonly quietSince?: string;
}

/** Components named in a title; the incident lists all. */
const TITLE_COMPONENTS = 3;

/** A flapping trigger raises again and again while a run waits; the first of it are what counts. */
const DURING_RUNS_MAX = 20;

/**
 * The incident that its entries tell. Entries behind `closed` change nothing but the diagnosis,
 * which may still be proven by the run that closed it, and what was announced and called off.
 * Throws when the first is not `opened`.
 */
export function foldIncident(id: string, entries: readonly IncidentEntry[]): IncidentStory {
  const [first, ...rest] = entries;
  assert(first?.kind === 'opened', `the stream of incident ${id} begins with its opening`);
  return rest.reduce(withEntry, begin(id, first));
}

type SignalEntry = Extract<IncidentEntry, { kind: 'opened' | 'signal' }>;

function begin(id: string, opened: SignalEntry): IncidentStory {
  const { signal, at, duringRun } = opened;
  const incident: Incident = {
    id,
    state: 'open',
    title: titleOf([signal.component]),
    openedAt: at,
    firstBadAt: signal.firstBadAt,
    components: [signal.component],
    signals: [signal],
    firing: [signal.trigger],
    runs: [],
  };
  return { incident: withDuringRun(incident, duringRun), runs: [] };
}

function withEntry(story: IncidentStory, entry: IncidentEntry): IncidentStory {
  const { incident } = story;
  if (entry.kind === 'diagnosed') {
    return { ...story, incident: { ...incident, diagnosis: entry.diagnosis } };
  }
  if (isAutomatic(entry)) return { ...story, incident: withAttempt(incident, entry) };
  if (incident.state === 'closed') return story;
  switch (entry.kind) {
    case 'opened':
    case 'signal':
      return withSignal(story, entry);
    case 'acknowledged': {
      const acknowledged = { ...incident, acknowledgedBy: entry.actor };
      return settled({ ...story, incident: acknowledged });
    }
    case 'run-started': {
      // A start told twice, as after a restart, must not revive a run that has ended.
      if (story.runs.some(({ run }) => run === entry.run)) return story;
      const runs = [...story.runs, { run: entry.run }];
      return settled({ ...story, runs });
    }
    case 'run-ended': {
      const { run, at, state, healed } = entry;
      const others = story.runs.filter((one) => one.run !== run);
      return settled({ ...story, runs: [...others, { run, ended: { at, state, healed } }] });
    }
    case 'closed': {
      const closed = { closedAt: entry.at, closeReason: entry.reason };
      return { ...story, incident: { ...incident, ...closed, state: 'closed' } };
    }
    default:
      return assertUnreachable(entry);
  }
}

function withDuringRun(incident: Incident, duringRun: DuringRun | undefined): Incident {
  const { duringRuns = [] } = incident;
  if (duringRun === undefined || duringRuns.length >= DURING_RUNS_MAX) return incident;
  return { ...incident, duringRuns: [...duringRuns, duringRun] };
}

type AutomaticEntry = Extract<IncidentEntry, { kind: `automatic-${string}` }>;

function isAutomatic(entry: IncidentEntry): entry is AutomaticEntry {
  return entry.kind.startsWith('automatic-');
}

function withAttempt(incident: Incident, entry: AutomaticEntry): Incident {
  const { automatic = { reasons: [] } } = incident;
  switch (entry.kind) {
    case 'automatic-refused':
      return { ...incident, automatic: { ...automatic, reasons: entry.reasons, asOf: entry.at } };
    case 'automatic-announced': {
      const { kind: _, ...announced } = entry;
      return { ...incident, automatic: { reasons: [], announced } };
    }
    case 'automatic-called-off': {
      const { at, why } = entry;
      return { ...incident, automatic: { ...automatic, calledOff: { at, why } } };
    }
    case 'automatic-begun':
      return { ...incident, automatic: { ...automatic, ...begunOf(entry) } };
    default:
      return assertUnreachable(entry);
  }
}

function begunOf({
  at: begunAt,
  uptime: begunUptime,
}: Extract<IncidentEntry, { kind: 'automatic-begun' }>): Partial<AutomaticAttempt> {
  return begunUptime === undefined ? { begunAt } : { begunAt, begunUptime };
}

function withSignal(story: IncidentStory, { signal, at, duringRun }: SignalEntry): IncidentStory {
  const incident = withDuringRun(story.incident, duringRun);
  const others = incident.signals.filter(
    (one) => one.trigger !== signal.trigger || one.component !== signal.component,
  );
  const signals = [...others, signal];
  const firing = signals.filter(({ phase }) => phase === 'raised').map(({ trigger }) => trigger);
  const components = [...new Set([...incident.components, signal.component])];
  const isEarlier = signal.firstBadAt < incident.firstBadAt && signal.phase === 'raised';
  const { quietSince, ...rest } = story;
  return settled({
    ...rest,
    ...(firing.length > 0 ? {} : { quietSince: quietSince ?? at }),
    incident: {
      ...incident,
      signals,
      components,
      title: titleOf(components),
      firing: [...new Set(firing)],
      firstBadAt: isEarlier ? signal.firstBadAt : incident.firstBadAt,
    },
  });
}

/** Derives the state from what happened, so that no order of entries can contradict it. */
function settled(story: IncidentStory): IncidentStory {
  const { incident, runs } = story;
  const state = stateOf(story);
  return { ...story, incident: { ...incident, state, runs: runs.map(({ run }) => run) } };
}

function stateOf({ incident, runs }: IncidentStory): IncidentState {
  if (runs.some(({ ended }) => ended === undefined || ended.state === 'NEEDS_OPERATOR')) {
    return 'mitigating';
  }
  const last = runs.at(-1)?.ended;
  const isNew = (signal: Signal): boolean => last !== undefined && signal.firstBadAt > last.at;
  const isRelapse = incident.signals.some((one) => one.phase === 'raised' && isNew(one));
  if (last?.state === 'COMMITTED' && last.healed && !isRelapse) return 'verifying';
  return incident.acknowledgedBy === undefined ? 'open' : 'acknowledged';
}

function titleOf(components: readonly string[]): string {
  const named = components.slice(0, TITLE_COMPONENTS);
  const more = components.length - named.length;
  const names = more > 0 ? [...named, `${more} more`] : named;
  const last = names.at(-1) ?? '';
  const text = names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
  return `${text} in trouble`;
}
