import { parseMountInfo, type MountInfo } from '../../../linux/mount-info.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { hideSecrets } from '../../../model/checkpoint/secret-text.ts';
import { sectionItem, withoutRepeats } from './section.ts';

/** Mounts that come and go with containers, sessions and services: their owners' business. */
const PASSING: readonly RegExp[] = [
  /^\/run\/(user|netns|docker|containerd|credentials)(\/|$)/,
  /^\/var\/lib\/(docker|containers|containerd|kubelet)(\/|$)/,
  /^\/proc\/|^\/sys\/fs\/cgroup(\/|$)|^\/snap(\/|$)/,
];

/**
 * What the first process sees mounted, which is the host: a service that systemd confines sees its
 * own table, of a host that is read-only. Our own where only root may ask for the other.
 */
export function mountTable(read: (path: string) => string | undefined): string | undefined {
  return read('/proc/1/mountinfo') ?? read('/proc/self/mountinfo');
}

/** The mounts of such a table that are there to stay. */
export function mountItems(mountInfo: string): readonly StateItem[] {
  const items = parseMountInfo(mountInfo).flatMap((mount) => {
    const { root, point, type, device } = mount;
    if (PASSING.some((pattern) => pattern.test(point))) return [];
    return [
      sectionItem('mounts', point, {
        type: 'mount',
        device: hideSecrets(device),
        kind: type,
        // A bind mount shows only a part of its device.
        ...(root === '/' ? {} : { root }),
        options: optionsOf(mount),
      }),
    ];
  });
  return withoutRepeats(items);
}

/** Both lists in one, sorted, each option once. */
function optionsOf({ options, superOptions }: MountInfo): string {
  const all = new Set([...options, ...superOptions]);
  // The mount's own rw or ro counts; the device below may well be writable elsewhere.
  if (options.includes('ro')) all.delete('rw');
  const shown = [...all].map((one) => (/pass|cred|secret/i.test(one) ? hidden(one) : one));
  return shown.toSorted().join(',');
}

function hidden(option: string): string {
  return `${option.split('=')[0] ?? ''}=<hidden>`;
}
