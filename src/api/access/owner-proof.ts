import { createHmac } from 'node:crypto';

/** Where a daemon proves that a data directory is its own, below `API_ROOT`. */
export const OWNER_PATH = '/owner';

/** A caller's random number, as hexadecimal digits: 256 bits never come twice. */
export const NONCE_BYTES = 32;

/** One end of a connection, as both sides of it see it. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * What only who knows `token` can say to `nonce`. The listener's own address is part of it: an
 * answer that somebody else fetched from the true daemon names another port than the one asked.
 */
export function ownerProof(token: string, nonce: string, { address, port }: Endpoint): string {
  const plain = address.replace(/^::ffff:/, '');
  const said = `lastgood owner ${nonce} ${plain} ${port}`;
  return createHmac('sha256', token).update(said).digest('hex');
}
