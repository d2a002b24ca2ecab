import type { StateItem } from '../../../model/capture.ts';
import { hideSecrets } from '../../../model/secret-text.ts';
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

/** The mounts of such a table (proc(5)) that are there to stay. */
export function mountItems(mountInfo: string): readonly StateItem[] {
  const items = mountInfo.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root = '', point = '', options = ''] = left.split(' ');
    const [kind = '', device = '', superOptions = ''] = right.split(' ');
    const path = plain(point);
    const isPassing = PASSING.some((pattern) => pattern.test(path));
    if (path === '' || kind === '' || isPassing) return [];
    return [
      sectionItem('mounts', path, {
        type: 'mount',
        device: hideSecrets(plain(device)),
        kind,
        // A bind mount shows only a part of its device.
        ...(root === '/' ? {} : { root: plain(root) }),
        options: optionsOf(options, superOptions),
      }),
    ];
  });
  return withoutRepeats(items);
}

/** Both lists in one, sorted, each option once. */
function optionsOf(own: string, superBlock: string): string {
  const all = new Set([...own.split(','), ...superBlock.split(',')].filter((one) => one !== ''));
  // The mount's own rw or ro counts; the device below may well be writable elsewhere.
  if (own.split(',').includes('ro')) all.delete('rw');
  const shown = [...all].map((one) => (/pass|cred|secret/i.test(one) ? hidden(one) : one));
  return shown.toSorted().join(',');
}

function hidden(option: string): string {
  return `${option.split('=')[0] ?? ''}=<hidden>`;
}

/** Spaces and their kin are written in octal there. */
function plain(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
