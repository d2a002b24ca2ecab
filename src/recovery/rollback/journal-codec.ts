import type { Json } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { RunEntry } from '../../model/run/run-journal.ts';
import type { StreamEntry } from '../../ports/control-store.ts';

/** The members each kind must have at least; the store has authenticated the bytes already. */
const MEMBERS: Readonly<Record<RunEntry['kind'], readonly string[]>> = {
  planned: ['run', 'plan', 'requestedBy', 'tokenHash', 'expires'],
  approved: ['by', 'planHash'],
  preparing: ['fence'],
  freezing: ['writers'],
  prepared: ['before', 'states', 'baseline'],
  arming: ['states', 'deadline'],
  armed: [],
  extending: ['by', 'deadline'],
  extended: ['by', 'deadline'],
  intent: ['direction', 'step'],
  done: ['direction', 'step', 'state', 'fingerprint'],
  untouched: ['direction', 'step', 'why'],
  'batch-passed': ['batch'],
  verifying: [],
  healthy: ['nonce', 'notJudged'],
  decided: ['decision', 'why', 'by'],
  'commit-lost': ['why'],
  recovered: ['fence'],
  ended: ['state', 'why', 'progress', 'byHand'],
  'confirm-refused': ['by', 'code', 'why'],
  resumed: ['by'],
  released: ['by', 'reason'],
};

/** What the streams of all journals begin with. */
export const RUN_STREAMS = 'run/';

/** The stream a run's journal is kept in. */
export function journalStream(run: string): string {
  return `${RUN_STREAMS}${run}`;
}

/** An entry as the store keeps it. */
export function encodeEntry(entry: RunEntry): Json {
  return JSON.parse(JSON.stringify(entry)) as Json;
}

/** The entries of a journal; LG_RUNTIME_BUG when one was written by a version we do not know. */
export function decodeJournal(entries: readonly StreamEntry[]): Result<readonly RunEntry[]> {
  const decoded: RunEntry[] = [];
  for (const { version, entry } of entries) {
    if (!isRunEntry(entry)) {
      const detail = `journal entry ${version} is of no known kind: ${kindOf(entry)}`;
      return err(lgError('LG_RUNTIME_BUG', detail));
    }
    decoded.push(entry);
  }
  return ok(decoded);
}

/** Whether something is an entry of a kind that this version knows. */
export function isRunEntry(entry: unknown): entry is RunEntry {
  if (typeof entry !== 'object' || entry === null) return false;
  const kind = kindOf(entry);
  if (!isKind(kind) || !('at' in entry)) return false;
  return MEMBERS[kind].every((member) => member in entry);
}

function isKind(kind: string): kind is RunEntry['kind'] {
  return Object.hasOwn(MEMBERS, kind);
}

function kindOf(entry: unknown): string {
  const isObject = typeof entry === 'object' && entry !== null && 'kind' in entry;
  return isObject && typeof entry.kind === 'string' ? entry.kind : typeof entry;
}
