import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { parseSocketTable } from '../../../linux/socket-table.ts';

/**
 * Datagrams that the kernel dropped because the receive buffer of the socket on this address was
 * full (`/proc/net/udp`, proc(5)); 0 where the system does not tell.
 */
export function kernelDrops(address: string, port: number): number {
  try {
    const isV4 = isIPv4(address);
    const table = readFileSync(isV4 ? '/proc/net/udp' : '/proc/net/udp6', 'latin1');
    return dropsOf(table, isV4 ? addressWord(address) : undefined, port);
  } catch {
    return 0;
  }
}

/** The drops of the sockets in a table that are bound to a port, and to an address if given. */
export function dropsOf(table: string, address: string | undefined, port: number): number {
  return parseSocketTable(table)
    .filter(({ localPort, localHex }) => localPort === port && (address ?? localHex) === localHex)
    .reduce((sum, { drops }) => sum + drops, 0);
}

/** An IPv4 address as the table has it: a word in the byte order of the machine. */
export function addressWord(address: string): string {
  const bytes = new Uint8Array(address.split('.').map(Number));
  const word = new Uint32Array(bytes.buffer)[0] ?? 0;
  return word.toString(16).toUpperCase().padStart(8, '0');
}
