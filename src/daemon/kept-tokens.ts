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
    const why = `${run} is confirmed with --token and what apply printed, which was not given`;
    const but = 'of a run that began by itself the daemon holds it, until it ends or we restart';
    return err(lgError('LG_ROLLBACK_TOKEN_WRONG', `${why}; ${but}`));
  }

  /** Hears runs: what has ended is not confirmed any more. */
  hear({ run, state }: Pick<RunView, 'run' | 'state'>): void {
    if (isTerminal(state)) this.#tokens.delete(run);
  }
}
