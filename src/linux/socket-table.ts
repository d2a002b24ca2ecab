/** One socket of /proc/net/{tcp,tcp6,udp,udp6}. */
export interface SocketEntry {
  /** The local address as it is printed: hexadecimal words in the byte order of the machine. */
  readonly localHex: string;
  readonly localPort: number;
  /** Somebody is at the other end. */
  readonly isConnected: boolean;
  /** Two hexadecimal digits, see include/net/tcp_states.h: `0A` listens, `07` is closed. */
  readonly state: string;
  /** Effective user of its creator. */
  readonly uid: number;
  /** Joins it with a program's open files. */
  readonly inode: string;
  /** Datagrams dropped because its buffer was full; of UDP alone. */
  readonly drops: number;
}

/** Parses the socket tables of proc_net(5) and proc_net_udp(5); other lines are passed over. */
export function parseSocketTable(text: string): readonly SocketEntry[] {
  return text.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const [, local = '', remote = '', state = ''] = words;
    const uid = Number(words[7]);
    const inode = words[9] ?? '';
    const at = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local);
    if (at === null || !Number.isInteger(uid) || !/^\d+$/.test(inode)) return [];
    return [
      {
        localHex: at[1] ?? '',
        localPort: Number.parseInt(at[2] ?? '0', 16),
        isConnected: !/^0+:0000$/.test(remote),
        state,
        uid,
        inode,
        drops: Number(words[12] ?? 0) || 0,
      },
    ];
  });
}

/** A printed address as people write it. */
export function socketAddress(hex: string, isLittleEndian: boolean): string {
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
