import { fitsPattern } from '../../../base/name-pattern.ts';
import { linesOf } from './proc-text.ts';

/** A file system whose space is worth watching. */
export interface Mount {
  readonly point: string;
  readonly device: string;
  readonly type: string;
}

/**
 * Types that live on this machine and can fill up. Others are views of the kernel, read-only
 * images, or lie on servers, where asking for their size may hang for as long as the server does.
 */
const TYPES: ReadonlySet<string> = new Set(
  'ext2 ext3 ext4 xfs btrfs zfs f2fs jfs reiserfs nilfs2 bcachefs vfat exfat tmpfs overlay'.split(
    ' ',
  ),
);

/** Hosts of many containers have thousands of mounts. */
const LINES_MAX = 10_000;

/** File systems watched at most: more are no host that a person looks at. */
const MOUNTS_MAX = 64;

/**
 * Parses /proc/self/mountinfo, see proc(5): each local file system that is written to once, at the
 * mount point that came first. Lines of another form are passed over.
 */
export function parseMounts(text: string, exclude: readonly string[]): readonly Mount[] {
  const byPoint = new Map<string, NumberedMount>();
  for (const line of linesOf(text, LINES_MAX)) {
    const mount = mountOf(line);
    if (mount === undefined || exclude.some((pattern) => fitsPattern(mount.point, pattern)))
      continue;
    // What is mounted over another hides it.
    byPoint.set(mount.point, mount);
  }
  const byNumber = new Map<string, Mount>();
  for (const { number, ...mount } of byPoint.values()) {
    // A bind mount shows the same device again.
    if (!byNumber.has(number)) byNumber.set(number, mount);
    if (byNumber.size === MOUNTS_MAX) break;
  }
  return [...byNumber.values()];
}

/** A mount with the number of its device, which bind mounts share. */
interface NumberedMount extends Mount {
  readonly number: string;
}

function mountOf(line: string): NumberedMount | undefined {
  const [left = '', right = ''] = line.split(' - ');
  const [, , number, , point] = left.split(' ');
  const [type = '', device = '', superOptions = ''] = right.split(' ');
  if (number === undefined || point === undefined) return undefined;
  if (!/^\d+:\d+$/.test(number) || !point.startsWith('/') || !TYPES.has(type)) return undefined;
  // The options of the mount say what we may do there, not whether it fills: a service that systemd
  // confines sees the whole host read-only (ProtectSystem=strict).
  if (superOptions.split(',').includes('ro')) return undefined;
  return { number, point: plain(point), device: plain(device), type };
}

/** Blanks are written as three octal digits. */
function plain(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
