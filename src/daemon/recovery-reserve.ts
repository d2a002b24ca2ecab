import { join } from 'node:path';
import { realDisk, type Disk } from '../base/disk.ts';
import { diskWithReserve } from '../base/disk-with-reserve.ts';
import { systemCode } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { mebibytes } from '../base/mebibytes.ts';
import { Reserve, type ReserveState } from '../base/reserve.ts';
import { dataFolder } from '../config/data-folder.ts';
import type { Clock } from '../ports/clock.ts';
import type { SpareRoom } from '../ports/provider.ts';
import { repeat } from './repeat.ts';

/**
 * Of `storage.recoveryReserve`, what each has to itself: the core for audit, journal and P, the
 * host runner of a machine for what its dead-men need. They may be different users.
 */
const CORE_SHARE = 3 / 4;
const HOST_SHARE = 1 / 4;

/** Of the core's: kept from P, so that a run with room for P can also be journaled to its end. */
const KEPT_FROM_VAULT = 1 / 3;

/** Of the host runner's: what a provider, the runner, a provider that reverts must leave. */
const KEPT_FROM = { provider: 1 / 2, runner: 1 / 4, revert: 1 / 8 } as const;

/** How often a step is set aside: a new one is whole within a quarter of a minute. */
const GROW_MS = 1_000;

/** Evidence stops before the steps by which the reserves grow are missing. */
const EVIDENCE_MARGIN = 1 / 8;

const NAME = 'reserve';

/** The core's reserve of a data directory; `bytes` absent: somebody else sets it aside. */
export function coreReserve(root: string, bytes?: number): Reserve {
  return new Reserve(join(root, NAME), bytes, CORE_SHARE);
}

/** The disks of the core: for what must be written in any case, and for P. */
export function coreDisks(reserve: Reserve): { readonly disk: Disk; readonly vaultDisk: Disk } {
  return {
    disk: diskWithReserve(realDisk, reserve),
    vaultDisk: diskWithReserve(realDisk, reserve, KEPT_FROM_VAULT),
  };
}

/** The disk of whoever works in a host runner's folder, and the room it has for its providers. */
export interface HostDisk {
  readonly disk: Disk;
  readonly spare: SpareRoom;
}

/** How a reserve stands, and on which disk. */
export interface ReserveStanding extends ReserveState {
  /** The number of its file system. */
  readonly device: number;
}

/** Asks the disk of a reserve. Throws system errors. */
export function standingOf(reserve: Reserve): ReserveStanding {
  return { device: reserve.device(), ...reserve.state() };
}

/** The host runner's own; it is kept as long as `stop` is not called. */
export function hostDisk(
  folder: string,
  bytes: number,
  parts: GrowParts,
): HostDisk & { standing(): ReserveStanding; stop(): Promise<void> } {
  const reserve = new Reserve(join(folder, NAME), bytes, HOST_SHARE);
  return {
    standing: () => standingOf(reserve),
    disk: diskWithReserve(realDisk, reserve, KEPT_FROM.runner),
    spare: spareOf(reserve, KEPT_FROM.provider),
    stop: growReserve(reserve, parts),
  };
}

/** That of a dead-man in the same folder, who has the last of it to himself. */
export function deadManDisk(folder: string): HostDisk {
  const reserve = new Reserve(join(folder, NAME));
  return { disk: diskWithReserve(realDisk, reserve), spare: spareOf(reserve, KEPT_FROM.revert) };
}

function spareOf(reserve: Reserve, keepShare: number): SpareRoom {
  return {
    bytesOn: (device) => (reserve.device() === device ? reserve.spareBytes(keepShare) : 0),
    giveUpOn: (device) => reserve.device() === device && reserve.giveUp(keepShare),
  };
}

interface GrowParts {
  readonly clock: Clock;
  readonly log: Log;
}

/** Sets aside what is missing, step by step, whenever there is room. Answers how to stop. */
export function growReserve(reserve: Reserve, parts: GrowParts): () => Promise<void> {
  return repeat(
    'reserve',
    () => GROW_MS,
    async () => void (await reserve.grow()),
    parts,
  );
}

/** What must be free beside a whole reserve for evidence to be stored; `core`: the core's share. */
export function evidenceFloorBytes(core: Pick<ReserveState, 'wantedBytes'>): number {
  return (core.wantedBytes / CORE_SHARE) * EVIDENCE_MARGIN;
}

/**
 * Why evidence may not be stored although the disk has room: what was given up, or could not be
 * set aside yet, is not for evidence. Undefined while it may.
 */
export function whyNoEvidence(root: string, bytes: number): string | undefined {
  if (bytes === 0) return undefined;
  const core = coreReserve(root, bytes).state();
  const { wantedBytes, heldBytes, freeBytes } = core;
  const ofHost = missingOfHost(root, bytes) ?? (wantedBytes / CORE_SHARE) * HOST_SHARE;
  const missing = Math.max(0, wantedBytes - heldBytes) + ofHost;
  const needed = missing + evidenceFloorBytes(core);
  if (freeBytes >= needed) return undefined;
  const kept = `${mebibytes(needed)} MiB are kept for recovery`;
  return `${root}: ${mebibytes(freeBytes)} MiB are free, and ${kept}`;
}

/** Nobody works as a host runner where its folder is missing; undefined: we may not look. */
function missingOfHost(root: string, bytes: number): number | undefined {
  const { host } = dataFolder(root);
  try {
    const { wantedBytes, heldBytes } = new Reserve(join(host, NAME), bytes, HOST_SHARE).state();
    return Math.max(0, wantedBytes - heldBytes);
  } catch (thrown) {
    const code = systemCode(thrown);
    if (code === undefined) throw thrown;
    return code === 'ENOENT' ? 0 : undefined;
  }
}
