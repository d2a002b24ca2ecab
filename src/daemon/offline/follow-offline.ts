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
  readonly keep: (run: RunView, moot: AbortSignal) => Promise<boolean>;
}

/**
 * Follows a run to its end. Asks once whether to keep it, when it waits for that; an abort goes
 * back, which is always safe, and still waits for the end.
 */
export async function followOffline(
  rollbacks: Rollbacks,
  { run, token }: StartedRun,
  watcher: Watcher,
): Promise<Result<RunView>> {
  const { signal, by, changed, note } = watcher;
  const moot = new AbortController();
  let shown = '';
  let isAsked = false;
  const see = (view: RunView): void => {
    if (view.run !== run || isTerminal(view.state)) return;
    const form = JSON.stringify([view.state, view.progress]);
    if (form !== shown) changed(view);
    shown = form;
    if (view.state !== 'AWAITING_CONFIRM') {
      if (isAsked) moot.abort();
    } else if (!isAsked) {
      isAsked = true;
      void decide(rollbacks, view, token, watcher, moot.signal);
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
    return ended.ok ? ok(ended.value) : ended;
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
): Promise<void> {
  const view = await rollbacks.view(run);
  const isKept = view.ok && (await keep(view.value, moot));
  if (moot.aborted) return;
  const told = isKept
    ? await rollbacks.confirm(run, token, nonce, by, 'console')
    : await rollbacks.cancel(run, by);
  if (!told.ok) note(told.error.message);
}
