import { fitsPattern } from '../../../base/name-pattern.ts';
import { parseMountInfo } from '../../../linux/mount-info.ts';

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

/** File systems watched at most: more are no host that a person looks at. */
const MOUNTS_MAX = 64;

/**
 * Each local file system of /proc/self/mountinfo that is written to once, at the mount point that
 * came first.
 */
export function watchedMounts(text: string, exclude: readonly string[]): readonly Mount[] {
  const byPoint = new Map<string, Mount & { readonly number: string }>();
  for (const { number, point, device, type, superOptions } of parseMountInfo(text)) {
    // The options of the mount say what we may do there, not whether it fills: a service that
    // systemd confines sees the whole host read-only (ProtectSystem=strict).
    if (!TYPES.has(type) || superOptions.includes('ro')) continue;
    if (exclude.some((pattern) => fitsPattern(point, pattern))) continue;
    // What is mounted over another hides it.
    byPoint.set(point, { number, point, device, type });
  }
  const byNumber = new Map<string, Mount>();
  for (const { number, ...mount } of byPoint.values()) {
    // A bind mount shows the same device again.
    if (!byNumber.has(number)) byNumber.set(number, mount);
    if (byNumber.size === MOUNTS_MAX) break;
  }
  return [...byNumber.values()];
}
