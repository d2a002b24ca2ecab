import type { Result } from '../../base/result.ts';
import { isTerminal, type RunView } from '../../model/run/run.ts';

/** Whoever hears what becomes of runs. */
export class RunHearers {
  readonly #hearers = new Set<(view: RunView) => void>();

  /** Hears every view that is told; the answer takes it back. */
  add(hear: (view: RunView) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  tell(view: RunView): void {
    for (const hear of this.#hearers) hear(view);
  }

  /** Waits until a run is in a state that it does not leave by itself; `look` shows it as it is. */
  untilTerminal(run: string, look: () => Promise<Result<RunView>>): Promise<Result<RunView>> {
    return new Promise((resolve) => {
      const stop = this.add((view) => {
        if (view.run !== run || !isTerminal(view.state)) return;
        stop();
        void look().then(resolve);
      });
      void look().then((now) => {
        if (now.ok && !isTerminal(now.value.state)) return;
        stop();
        resolve(now);
      });
    });
  }
}
