import { fitsPattern } from '../../../base/name-pattern.ts';
import type { InterfaceState } from '../../../model/component/interface-change.ts';
import type { HostAccess } from './host-access.ts';
import { countOf } from '../../../linux/proc-text.ts';

/** The flag that says somebody switched it on, see netdevice(7). */
const IFF_UP = 1;

/** Interfaces of a host at most. */
const LINKS_MAX = 256;

/** Reads /sys/class/net; interfaces that vanish meanwhile are left out. */
export function readLinks(
  access: HostAccess,
  exclude: readonly string[],
): readonly InterfaceState[] {
  return access
    .names('/sys/class/net')
    .filter((name) => !exclude.some((pattern) => fitsPattern(name, pattern)))
    .slice(0, LINKS_MAX)
    .flatMap((name) => readLink(access, name) ?? []);
}

function readLink(access: HostAccess, name: string): InterfaceState | undefined {
  const read = (member: string): string => {
    try {
      return access.read(`/sys/class/net/${name}/${member}`)?.trim() ?? '';
    } catch {
      return '';
    }
  };
  const oper = read('operstate');
  const flags = Number.parseInt(read('flags'), 16);
  if (!/^[a-z]{1,32}$/.test(oper) || !Number.isFinite(flags)) return undefined;
  return {
    name,
    index: countOf(read('ifindex')) ?? 0,
    oper,
    admin: (flags & IFF_UP) === 0 ? 'down' : 'up',
  };
}
