import { fitsPattern } from '../../../base/name-pattern.ts';
import { countsOf, linesOf, wordsOf } from '../../../linux/proc-text.ts';

/** One disk, counted since boot. */
export interface DiskUse {
  readonly name: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Seconds in which at least one request was at work. */
  readonly busyS: number;
}

/** One network interface, counted since it was made. */
export interface InterfaceUse {
  readonly name: string;
  readonly received: Traffic;
  readonly transmitted: Traffic;
}

/** One direction of an interface. */
export interface Traffic {
  readonly bytes: number;
  readonly errors: number;
  readonly dropped: number;
}

/** Devices of each kind at most. */
const DEVICES_MAX = 64;
const LINES_MAX = 4_096;

/** /proc/diskstats counts sectors of 512 bytes whatever the disk's own are (iostats.rst). */
const SECTOR_BYTES = 512;

/** Memory and files that look like disks, and drives without a medium. */
const NO_DISK = /^(loop|ram|zram|sr|fd|nbd)\d/;

/**
 * Parses /proc/diskstats: whole disks that were ever used. `disks` are the names in /sys/block;
 * empty where that cannot be read, and then partitions are told by their disk's name.
 */
export function parseDisks(text: string, disks: readonly string[]): readonly DiskUse[] {
  const found: DiskUse[] = [];
  for (const line of linesOf(text, LINES_MAX)) {
    const words = wordsOf(line);
    const name = words[2];
    const counts = countsOf(words, 3, 11);
    if (name === undefined || counts === undefined || NO_DISK.test(name)) continue;
    const isWhole =
      disks.length > 0
        ? disks.includes(name.replaceAll('/', '!'))
        : !found.some((disk) => name.startsWith(disk.name));
    const [reads = 0, , sectorsRead = 0, , writes = 0, , sectorsWritten = 0, , , busyMs = 0] =
      counts;
    if (!isWhole || reads + writes === 0) continue;
    found.push({
      name,
      readBytes: sectorsRead * SECTOR_BYTES,
      writtenBytes: sectorsWritten * SECTOR_BYTES,
      busyS: busyMs / 1000,
    });
    if (found.length === DEVICES_MAX) break;
  }
  return found;
}

/** Parses /proc/net/dev: interfaces that ever carried anything. */
export function parseInterfaces(text: string, exclude: readonly string[]): readonly InterfaceUse[] {
  const found: InterfaceUse[] = [];
  for (const line of linesOf(text, LINES_MAX)) {
    const colon = line.lastIndexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    const counts = countsOf(wordsOf(line.slice(colon + 1).trim()), 0, 16);
    if (name === '' || counts === undefined) continue;
    if (exclude.some((pattern) => fitsPattern(name, pattern))) continue;
    const at = (index: number): number => counts[index] ?? 0;
    const received = { bytes: at(0), errors: at(2), dropped: at(3) };
    const transmitted = { bytes: at(8), errors: at(10), dropped: at(11) };
    if (received.bytes + transmitted.bytes === 0) continue;
    found.push({ name, received, transmitted });
    if (found.length === DEVICES_MAX) break;
  }
  return found;
}
