import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { isTerminal, type RunView } from '../model/run/run.ts';

/** The tokens of runs that nobody asked for: who may confirm one needs to show none. */
export class KeptTokens {
  readonly #tokens = new Map<string, string>();

  keep(run: string, token: string): void {
    this.#tokens.set(run, token);
  }

  /** The token of a run; LG_ROLLBACK_TOKEN_WRONG for any other run, and after a restart. */
  of(run: string): Result<string> {
    const token = this.#tokens.get(run);
    if (token !== undefined) return ok(token);
    const why = 'none was given; the daemon holds it only of a run that it began by itself';
    const until = 'and until that ends or the daemon is restarted';
    return err(lgError('LG_ROLLBACK_TOKEN_WRONG', `${run}: ${why}, ${until}`));
  }

  /** Hears runs: what has ended is not confirmed any more. */
  hear({ run, state }: Pick<RunView, 'run' | 'state'>): void {
    if (isTerminal(state)) this.#tokens.delete(run);
  }
}
