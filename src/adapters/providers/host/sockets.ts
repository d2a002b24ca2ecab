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
 * order of the machine. Lines of another form are passed over.
 */
export function listeningSockets(
  table: SocketTable,
  text: string,
  isLittleEndian: boolean,
): readonly ListeningSocket[] {
  const protocol = table.startsWith('tcp') ? 'tcp' : 'udp';
  return text.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const [, local = '', remote = '', state = ''] = words;
    const uid = Number(words[7]);
    const inode = words[9] ?? '';
    const at = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local);
    if (at === null || state !== WAITING[protocol] || !Number.isInteger(uid)) return [];
    if (!/^\d+$/.test(inode) || (protocol === 'udp' && !/^0+:0000$/.test(remote))) return [];
    const address = addressOf(at[1] ?? '', isLittleEndian);
    return [{ protocol, address, port: Number.parseInt(at[2] ?? '0', 16), uid, inode }];
  });
}

function addressOf(hex: string, isLittleEndian: boolean): string {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    const four = [0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(word + at, word + at + 2), 16));
    bytes.push(...(isLittleEndian ? four.toReversed() : four));
  }
  if (bytes.length === 4) return bytes.join('.');
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) {
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  }
  // The URL parser writes IPv6 in its one canonical form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
