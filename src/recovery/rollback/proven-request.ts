import { sha256 } from '../../base/hash.ts';
import type { RunRequest } from './run-loop.ts';
import type { ConfirmWay } from './step/event.ts';

/** Somebody's word that a run is kept, with what proves that he may say so and has looked. */
export interface Confirmation {
  readonly token: string | undefined;
  readonly nonce: string;
  readonly via: ConfirmWay;
}

/** More time for a run, and with what right. */
export interface MoreTime {
  readonly token?: string | undefined;
  readonly nonce?: string | undefined;
  readonly seconds: number;
}

/** What a run is asked by whoever confirms it; the token itself goes no further than here. */
export function confirmRequest(by: string, { token, nonce, via }: Confirmation): RunRequest {
  return { kind: 'confirm', by, ...proofOf(token), nonce, via };
}

/** What a run is asked by whoever needs more time. */
export function moreTimeRequest(by: string, { token, nonce, seconds }: MoreTime): RunRequest {
  const seen = nonce === undefined ? {} : { nonce };
  return { kind: 'extend', by, ...proofOf(token), ...seen, seconds };
}

function proofOf(token: string | undefined): { readonly tokenHash?: string } {
  return token === undefined ? {} : { tokenHash: sha256(token) };
}
