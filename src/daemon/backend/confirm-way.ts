import { networkInterfaces } from 'node:os';
import { isLoopback } from '../../base/loopback.ts';

/** Whether who calls from an address came over the network, or from this very machine. */
export function confirmWay(remote: string, own: ReadonlySet<string>): 'network' | 'loopback' {
  const address = bare(remote);
  // One's own address by its name is as near as loopback: no cable is passed on the way.
  return isLoopback(address) || own.has(address) ? 'loopback' : 'network';
}

/** The addresses this machine has now. */
export function ownAddresses(): ReadonlySet<string> {
  const found = Object.values(networkInterfaces()).flatMap((some = []) => some);
  return new Set(found.map(({ address }) => bare(address)));
}

function bare(address: string): string {
  const mapped = address.toLowerCase().split('%')[0] ?? '';
  return mapped.startsWith('::ffff:') ? mapped.slice('::ffff:'.length) : mapped;
}
