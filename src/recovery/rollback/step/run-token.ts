import { equalDigests } from '../../../base/hash.ts';
import { AUTOMATIC } from '../../../model/access/principal.ts';
import type { RunRecord } from './record.ts';

/** What takes the token of a run. */
export type TokenDeed = 'confirmed' | 'given more time';

/**
 * Why somebody may not decide about a run. Nobody was given the token of one that began by itself,
 * and no restart may leave it without anybody who can confirm: whoever has the right is the other
 * principal that it takes.
 */
export function whyTokenWrong(
  { run, requestedBy, tokenHash }: RunRecord,
  { tokenHash: given, by }: { readonly tokenHash?: string; readonly by: string },
  deed: TokenDeed,
): string | undefined {
  if (given === undefined) {
    if (requestedBy === AUTOMATIC && by !== AUTOMATIC) return undefined;
    return `run ${run} is ${deed} with --token and what apply printed, which was not given`;
  }
  if (!equalDigests(given, tokenHash)) return `the token given for run ${run} is not its token`;
  return undefined;
}
