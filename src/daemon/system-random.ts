import { randomBytes } from 'node:crypto';

/** Random bytes of the system, for ids and tokens. */
export const systemRandom = (length: number): Uint8Array => randomBytes(length);
