import { isIP } from 'node:net';

/** Whether only this machine reaches an address. */
export function isLoopback(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare === '::1') return true;
  const mapped = bare.startsWith('::ffff:') ? bare.slice(7) : bare;
  return isIP(mapped) === 4 && mapped.startsWith('127.');
}
