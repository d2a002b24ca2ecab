import { parseSocketTable, socketAddress } from '../../../linux/socket-table.ts';

/** Tables of /proc/net that hold sockets of our network namespace (proc(5)). */
export const SOCKET_TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const;

/** One of `SOCKET_TABLES`. */
export type SocketTable = (typeof SOCKET_TABLES)[number];

/** A socket that waits for others. */
export interface ListeningSocket {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** Effective user of its creator. */
  readonly uid: number;
  /** Joins it with a program's open files. */
  readonly inode: string;
}

/** TCP_LISTEN and, for UDP, TCP_CLOSE: an unconnected socket (include/net/tcp_states.h). */
const WAITING = { tcp: '0A', udp: '07' } as const;

/**
 * The waiting sockets of one table. `isLittleEndian`: words of addresses are printed in the byte
 * order of the machine.
 */
export function listeningSockets(
  table: SocketTable,
  text: string,
  isLittleEndian: boolean,
): readonly ListeningSocket[] {
  const protocol = table.startsWith('tcp') ? 'tcp' : 'udp';
  return parseSocketTable(text)
    .filter(({ state }) => state === WAITING[protocol])
    .filter(({ isConnected }) => protocol === 'tcp' || !isConnected)
    .map(({ localHex, localPort, uid, inode }) => ({
      protocol,
      address: socketAddress(localHex, isLittleEndian),
      port: localPort,
      uid,
      inode,
    }));
}
