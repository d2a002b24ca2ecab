import type { AuditFact } from '../../api/access/audit-log.ts';
import { ok, type Result } from '../../base/result.ts';
import { isTerminal, type RunView } from '../../model/run/run.ts';
import type { Rollbacks } from '../../recovery/rollback/rollbacks.ts';
import type { StartedRun } from '../../recovery/rollback/start-run.ts';

/** Who watches a run of this process and decides it. */
export interface Watcher {
  readonly by: string;
  readonly signal: AbortSignal;
  readonly changed: (run: RunView) => void;
  readonly note: (line: string) => void;
  readonly keep: (run: RunView, moot: AbortSignal) => Promise<Answer>;
}

/**
 * Whether a run is kept, and on whose word: somebody's at the terminal, an option's, or nobody's,
 * who was asked by no terminal and proves nothing of what carries traffic.
 */
export interface Answer {
  readonly isKept: boolean;
  readonly word: 'terminal' | 'option' | 'nobody';
}

/** How a run ended, and the decision of it for the audit log; absent where nobody decided here. */
interface FollowedRun {
  readonly run: RunView;
  readonly decided?: AuditFact;
}

/**
 * Follows a run to its end. Asks once whether to keep it, when it waits for that; an abort goes
 * back, which is always safe, and still waits for the end.
 */
export async function followOffline(
  rollbacks: Rollbacks,
  { run, token }: StartedRun,
  watcher: Watcher,
): Promise<Result<FollowedRun>> {
  const { signal, by, changed, note } = watcher;
  const moot = new AbortController();
  let shown = '';
  let isAsked = false;
  let deciding: Promise<AuditFact | undefined> | undefined;
  const see = (view: RunView): void => {
    if (view.run !== run || isTerminal(view.state)) return;
    const form = JSON.stringify([view.state, view.progress]);
    if (form !== shown) changed(view);
    shown = form;
    if (view.state !== 'AWAITING_CONFIRM') {
      if (isAsked) moot.abort();
    } else if (!isAsked) {
      isAsked = true;
      deciding = decide(rollbacks, view, token, watcher, moot.signal);
    }
  };
  const cancel = (): void => {
    note(`interrupted; ${run} goes back to the state before`);
    moot.abort();
    void rollbacks.cancel(run, by);
  };
  const unhear = rollbacks.subscribe(see);
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  try {
    const now = await rollbacks.view(run);
    if (now.ok) see(now.value);
    const ended = await rollbacks.whenEnded(run);
    if (!ended.ok) return ended;
    moot.abort();
    const decided = await deciding;
    return ok({ run: ended.value, ...(decided === undefined ? {} : { decided }) });
  } finally {
    moot.abort();
    signal.removeEventListener('abort', cancel);
    unhear();
  }
}

async function decide(
  rollbacks: Rollbacks,
  { run, nonce = '' }: RunView,
  token: string,
  { by, keep, note }: Watcher,
  moot: AbortSignal,
): Promise<AuditFact | undefined> {
  const view = await rollbacks.view(run);
  const answer: Answer = view.ok ? await keep(view.value, moot) : { isKept: false, word: 'nobody' };
  if (moot.aborted) return undefined;
  const fact = { principal: by, object: run, detail: WORDS[answer.word] };
  if (answer.isKept) {
    const way = answer.word === 'nobody' ? 'loopback' : 'console';
    const kept = await rollbacks.confirm(run, token, nonce, by, way);
    if (kept.ok) return { ...fact, action: 'run.confirm', outcome: 'done' };
    // It would be refused again: nobody is asked twice, and silence would go back at the deadline.
    note(`${kept.error.message}; it goes back`);
  }
  const back = await rollbacks.cancel(run, by);
  if (!back.ok) note(back.error.message);
  return { ...fact, action: 'run.cancel', outcome: back.ok ? 'done' : 'refused' };
}

const WORDS: Readonly<Record<Answer['word'], string>> = {
  terminal: 'decided by the answer at the terminal of `lastgood restore`, without a daemon',
  option: 'decided by `lastgood restore --yes`, which asks nobody, without a daemon',
  nobody: 'decided by `lastgood restore` itself, which had no terminal to ask at',
};
