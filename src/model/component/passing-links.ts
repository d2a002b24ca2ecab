import { fitsPattern } from '../../base/name-pattern.ts';

/**
 * Network links that container engines and hypervisors make and drop by the minute, `*` standing
 * for any characters: pairs (Docker, Podman), Calico, Cilium and LXC, CNI plug-ins, taps of virtual
 * machines. They change nothing of the host, and nobody wants to hear of each.
 */
export const PASSING_LINKS: readonly string[] = ['veth*', 'cali*', 'lxc*', 'cni*', 'tap*', 'vnet*'];

/** Whether a link is one of these by its name. */
export function isPassingLink(name: string): boolean {
  return PASSING_LINKS.some((pattern) => fitsPattern(name, pattern));
}
