import { assert, assertUnreachable } from '../../../base/assert.ts';
import type { CheckpointId } from '../../../model/checkpoint/checkpoint.ts';
import type { Deadline } from '../../../model/run/instant.ts';
import type { Plan, PlanStep } from '../../../model/run/plan.ts';
import type {
  Decision,
  PausedWriter,
  PreparedState,
  RunEntry,
} from '../../../model/run/run-journal.ts';
import type { RefusedConfirm, RunState } from '../../../model/run/run.ts';
import type { ProbeSample } from '../../../model/health/verdict.ts';

/** The fold of a run's journal: all that is certain about the run. */
export interface RunRecord {
  readonly run: string;
  readonly plan: Plan;
  readonly requestedBy: string;
  readonly tokenHash: string;
  readonly startedAt: string;
  readonly expires: Deadline;
  readonly phase: RunState;
  /** Who gave the second word, where the plan needs one. */
  readonly approvedBy?: string;
  /** What replaced it in an emergency: the reason. */
  readonly breakGlass?: string;
  /** The run's fencing token; 0 while it has none. */
  readonly fence: number;
  readonly writers: readonly PausedWriter[];
  readonly before?: {
    readonly checkpoint: CheckpointId;
    readonly states: readonly PreparedState[];
    readonly baseline: readonly ProbeSample[];
  };
  /** States whose device timer may run. */
  readonly arming: readonly string[];
  /** For the confirm; counts from before the first timer was armed. */
  readonly deadline?: Deadline;
  /** The latest that timers may have been told; absent: none but the deadline. */
  readonly told?: Deadline;
  /** How often it was given more time, by whom and until when. */
  readonly extensions?: readonly Omit<Extract<RunEntry, { kind: 'extended' }>, 'kind'>[];
  /** Forward steps that are done. */
  readonly done: number;
  /** Batches that were changed, read again and watched. */
  readonly passed: number;
  /** States for which a forward step was ever intended. */
  readonly touched: readonly string[];
  /** Steps with an INTENT and no DONE, at most one forward and one undo of each state. */
  readonly open: readonly PlanStep[];
  /** The open undo step, to be driven again after a crash. */
  readonly openUndo?: PlanStep;
  /** Where undo steps have left a state, on its way to P. */
  readonly undone: Readonly<Record<string, string>>;
  readonly healthy?: {
    readonly nonce: string;
    readonly healed?: boolean;
    readonly notJudged: readonly string[];
  };
  readonly decided?: {
    readonly decision: Decision;
    readonly why: string;
    readonly by: string;
    readonly unhealed?: true;
    readonly harmed?: true;
    readonly step?: string;
  };
  readonly commitLost?: string;
  readonly refusedConfirms?: readonly RefusedConfirm[];
  readonly ended?: Extract<RunEntry, { kind: 'ended' }>;
  readonly released?: { readonly by: string; readonly reason: string };
}

/** The record after the first entry, which must be `planned`. */
export function beginRecord(entry: Extract<RunEntry, { kind: 'planned' }>): RunRecord {
  const { plan, approvedBy, breakGlass } = entry;
  const hasWord =
    plan.content.approval === undefined || approvedBy !== undefined || breakGlass !== undefined;
  return {
    run: entry.run,
    plan,
    requestedBy: entry.requestedBy,
    tokenHash: entry.tokenHash,
    startedAt: entry.at,
    expires: entry.expires,
    phase: hasWord ? 'PLANNED' : 'AWAITING_APPROVAL',
    fence: 0,
    writers: [],
    arming: [],
    done: 0,
    passed: 0,
    touched: [],
    open: [],
    undone: {},
    ...(approvedBy === undefined ? {} : { approvedBy }),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  };
}

/** The record after a whole journal; undefined for an empty one. */
export function foldJournal(entries: readonly RunEntry[]): RunRecord | undefined {
  const [first, ...rest] = entries;
  if (first === undefined) return undefined;
  assert(first.kind === 'planned', `a run's journal begins with "planned", not "${first.kind}"`);
  return rest.reduce(foldEntry, beginRecord(first));
}

/** The record after one more entry. */
export function foldEntry(record: RunRecord, entry: RunEntry): RunRecord {
  switch (entry.kind) {
    case 'planned':
      throw new Error('broken invariant: a run is planned once');
    case 'approved':
      return { ...record, phase: 'PLANNED', approvedBy: entry.by };
    case 'preparing':
      return { ...record, phase: 'PREPARING', fence: entry.fence };
    case 'freezing':
      return { ...record, writers: entry.writers };
    case 'prepared': {
      const { before, states, baseline } = entry;
      return { ...record, before: { checkpoint: before, states, baseline } };
    }
    case 'arming':
      return { ...record, arming: entry.states, deadline: entry.deadline };
    case 'extending':
      return { ...record, told: entry.deadline };
    case 'extended': {
      const { kind: _, ...extension } = entry;
      const extensions = [...(record.extensions ?? []), extension];
      return { ...record, deadline: entry.deadline, extensions };
    }
    case 'armed':
      return { ...record, phase: 'APPLYING' };
    case 'intent':
      return foldIntent(record, entry);
    case 'done':
      return foldDone(record, entry);
    case 'untouched':
      return foldUntouched(record, entry);
    case 'batch-passed':
      return { ...record, passed: entry.batch };
    case 'verifying':
      return { ...record, phase: 'VERIFYING' };
    case 'confirm-refused': {
      const { kind: _, ...refused } = entry;
      return { ...record, refusedConfirms: [...(record.refusedConfirms ?? []), refused] };
    }
    case 'healthy':
    case 'decided':
    case 'commit-lost':
    case 'recovered':
    case 'ended':
    case 'resumed':
    case 'released':
      return foldVerdict(record, entry);
    default:
      return assertUnreachable(entry);
  }
}

function foldIntent(record: RunRecord, entry: Extract<RunEntry, { kind: 'intent' }>): RunRecord {
  const { step } = entry;
  const open = [...record.open.filter(({ id }) => id !== step.id), step];
  if (entry.direction === 'undo') return { ...record, open, openUndo: step };
  const known = record.touched.includes(step.state);
  return { ...record, open, touched: known ? record.touched : [...record.touched, step.state] };
}

function foldDone(record: RunRecord, entry: Extract<RunEntry, { kind: 'done' }>): RunRecord {
  if (entry.direction === 'forward') {
    const open = record.open.filter(({ id }) => id !== entry.step);
    return { ...record, open, done: record.done + 1 };
  }
  // Once an undo step was re-read as done, nothing of this state is half done any more.
  const { openUndo: _, ...rest } = record;
  return {
    ...rest,
    open: record.open.filter(({ state }) => state !== entry.state),
    undone: { ...record.undone, [entry.state]: entry.fingerprint },
  };
}

/** Nothing of the step is half done, so whatever is found is not of its making. */
function foldUntouched(
  record: RunRecord,
  entry: Extract<RunEntry, { kind: 'untouched' }>,
): RunRecord {
  const { openUndo, ...rest } = record;
  const open = record.open.filter(({ id }) => id !== entry.step);
  if (openUndo === undefined || openUndo.id === entry.step) return { ...rest, open };
  return { ...record, open };
}

type VerdictKind =
  | 'healthy'
  | 'decided'
  | 'commit-lost'
  | 'recovered'
  | 'ended'
  | 'resumed'
  | 'released';

function foldVerdict(
  record: RunRecord,
  entry: Extract<RunEntry, { kind: VerdictKind }>,
): RunRecord {
  switch (entry.kind) {
    case 'healthy': {
      const { kind: _, at: __, ...healthy } = entry;
      return { ...record, phase: 'AWAITING_CONFIRM', healthy };
    }
    case 'decided': {
      assert(record.decided === undefined, 'a run is decided once');
      const { kind: _, at: __, ...decided } = entry;
      const { decision } = decided;
      const phase = decision === 'CONFIRM' ? 'COMMITTING' : 'REVERTING';
      return { ...record, phase, decided };
    }
    case 'commit-lost':
      return { ...record, phase: 'REVERTING', commitLost: entry.why };
    case 'recovered':
      return { ...record, fence: entry.fence };
    case 'ended':
      // Timers and writers stay known: whoever tries again lets go what could not be let go.
      return { ...record, phase: entry.state, ended: entry };
    case 'resumed': {
      const { ended: _, ...rest } = record;
      return { ...rest, phase: 'REVERTING' };
    }
    case 'released': {
      const { by, reason } = entry;
      return { ...record, released: { by, reason } };
    }
    default:
      return assertUnreachable(entry);
  }
}
