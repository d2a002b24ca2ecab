import { assert } from '../../../base/assert.ts';
import type { Disk } from '../../../base/disk.ts';
import { systemCode } from '../../../base/error.ts';
import type { Log } from '../../../base/log.ts';
import { Reserve } from '../../../base/reserve.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { toUnixMs } from '../../../base/time.ts';
import type { StoreStatus } from '../../../model/evidence/store-status.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import type { TelemetryStore } from '../../../ports/telemetry-store.ts';
import { AppendQueue } from './append-queue.ts';
import { decodeBatch } from './batch-decode.ts';
import { openCatalogue, type Catalogue } from './catalogue/catalogue.ts';
import { threadChannel, type EngineChannel } from './engine/engine-channel.ts';
import { EngineClient } from './engine/engine-client.ts';
import { EngineKeeper } from './engine/engine-keeper.ts';
import type { EngineOptions } from './engine/protocol.ts';
import { KeptFiles } from './kept-files.ts';
import { HotKeeper } from './hot-keeper.ts';
import { DEFAULT_LIMITS, type StoreLimits } from './limits.ts';
import { lsnAfter, type Frame } from './log/frame.ts';
import { replayLog, type ReplayedFile } from './log/replay-log.ts';
import { WriteAheadLog, type LogPlace } from './log/write-ahead-log.ts';
import { memoryFolder } from './memory-file.ts';
import { recoverSegments } from './recover-segments.ts';
import { refOf, SegmentList } from './segment-list.ts';
import { SegmentStore } from './segment-store.ts';
import { sealCut, type Cut } from './sealer.ts';
import { SetAside } from './set-aside.ts';
import { SourceProgress } from './source-progress.ts';
import { writeError } from './store-error.ts';
import { Readers } from './upkeep/readers.ts';
import { Upkeep, type UpkeepParts } from './upkeep/upkeep.ts';
import { UidDedupe } from './uid-dedupe.ts';
import { UidWindow } from './uid-window.ts';
import { restoreUids, uidReader } from './uid-reader.ts';

/** What the embedded telemetry store needs. */
export interface SegmentStoreOptions {
  /** Its own folder; made when missing. One process at a time. */
  readonly folder: string;
  readonly disk: Disk;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly log: Log;
  /** Whatever is not named keeps its default. */
  readonly limits?: Partial<StoreLimits>;
  /** Why nothing may be added although the disk has room: it is kept for somebody else. */
  readonly whyFull?: () => string | undefined;
  /** How an engine is started: in a thread of its own unless a test says otherwise. */
  readonly startEngine?: (options: EngineOptions) => EngineChannel;
}

/**
 * Room for writing down what retention gives up, which is what frees the disk: enough for every
 * segment of a large store.
 */
const RESERVE_BYTES = 1024 * 1024;

/** LSNs passed over behind damage: ids of lost records are not given to others. */
const LSN_GAP = 10_000_000;

/**
 * Opens the embedded telemetry store: reads the catalogue, reads back what is logged but not
 * sealed, tidies up what a crash left. Damage is set aside and reported by `status`; it fails only
 * for a wrong key (LG_KEY_WRONG), an unreadable catalogue (LG_STORE_CATALOGUE_DAMAGED), a host
 * without memory files (LG_STORE_NO_MEMORY_FILES), or a disk that refuses.
 */
export async function openSegmentStore(
  options: SegmentStoreOptions,
): Promise<Result<TelemetryStore>> {
  const { folder, disk, keyring } = options;
  const memory = memoryFolder();
  if (!memory.ok) return memory;
  const limits = fitted({ ...DEFAULT_LIMITS, ...options.limits }, memory.value.freeBytes);
  let catalogue: Catalogue | undefined;
  try {
    for (const name of ['log', 'segments']) await disk.makeFolder(`${folder}/${name}`);
    await disk.syncFolder(folder);
    const opened = await openCatalogue(`${folder}/catalogue.sqlite`, disk, keyring);
    if (!opened.ok) return opened;
    catalogue = opened.value;
    return ok(await assemble(options, limits, memory.value.path, catalogue));
  } catch (error) {
    catalogue?.close();
    if (systemCode(error) === undefined) throw error;
    return err(writeError(`opening ${folder}`, error));
  }
}

/** Puts the parts together, from the catalogue up. Throws system errors. */
async function assemble(
  options: SegmentStoreOptions,
  limits: StoreLimits,
  memory: string,
  catalogue: Catalogue,
): Promise<TelemetryStore> {
  const { folder, disk, keyring, clock, log: say, whyFull = () => undefined } = options;
  const segmentFolder = `${folder}/segments`;
  const quarantineFolder = `${folder}/quarantine`;
  const progress = new SourceProgress();
  const segments = new SegmentList(catalogue, segmentFolder);
  const places = { disk, segmentFolder, quarantineFolder, catalogue, segments, progress };
  const recovered = await recoverSegments(places, say);
  const { sealedLsn } = recovered;
  const engine = new EngineKeeper(
    (whenDead) => filledEngine(startChannel(options, limits, memory), segments, whenDead),
    say,
  );
  const window = new UidWindow(limits.uidWindowMs, limits.uidEntries);
  const readers = new Readers();
  const dedupe = new UidDedupe(window, uidReader(segments, engine, readers));
  const nowMs = toUnixMs(clock.now());
  await restoreUids(segments, engine, window, nowMs, limits.uidWindowMs);
  const keptFiles = new KeptFiles(clock);
  const shared = { disk, keyring, catalogue, segments, say, engine, keptFiles, whyFull };
  const sealer = { ...shared, folder: segmentFolder };
  const followed = { clock, say, limits, progress, dedupe, engine };
  // Nothing is sealed before the log, opened below, has been read back.
  const seal = (cut: Cut, published: () => void): Promise<Result<void>> =>
    sealCut({ ...sealer, log: writer }, cut, published);
  const hot = new HotKeeper({ ...followed, sealCut: seal }, sealedLsn);
  const logFolder = `${folder}/log`;
  let endLsn = sealedLsn;
  const found = await replayLog(disk, keyring, logFolder, async (frame) => {
    endLsn = Math.max(endLsn, lsnAfter(frame.lsn, frame.rows));
    if (frame.lsn < sealedLsn) return;
    note(frame, progress, dedupe, nowMs);
    await hot.takeBack(frame);
  });
  const damaged = damagedFiles(found);
  const isWhole = damaged.length === 0 && !recovered.damaged;
  const nextLsn = isWhole ? endLsn : lsnBehindDamage(endLsn, found);
  const fileBytes = limits.logFileBytes;
  const place = { disk, keyring, folder: logFolder, quarantine: quarantineFolder, fileBytes };
  const writer = new WriteAheadLog(place, found, endLsn, nextLsn);
  engine.refillWith(() => refill(hot, writer, place));
  const queue = new AppendQueue({ log: writer, dedupe, clock, hot, whyFull });
  const quarantined = [...recovered.quarantined, ...damaged];
  for (const { segment, why } of quarantined) say.error('SegmentQuarantined', { segment, why });
  const parts = { ...places, log: writer, hot, queue, engine, keptFiles, readers };
  const setAside = new SetAside({ ...parts, say }, quarantined);
  const upkeep = upkeepOf(folder, writer, { ...sealer, readers, limits, setAside });
  return new SegmentStore({ ...parts, setAside, upkeep });
}

function upkeepOf(
  folder: string,
  writer: WriteAheadLog,
  parts: Omit<UpkeepParts, 'reserve' | 'logBytes'>,
): Upkeep {
  const reserve = new Reserve(`${folder}/reserve`, RESERVE_BYTES);
  return new Upkeep({ ...parts, reserve, logBytes: () => writer.bytes });
}

/** Starts a query engine, in a thread of its own unless a test says otherwise. */
function startChannel(
  { startEngine = threadChannel }: SegmentStoreOptions,
  { engineMemoryMb: memoryMb, cacheBytes, textBytes }: StoreLimits,
  memory: string,
): EngineChannel {
  return startEngine({ memoryMb, memoryFolder: memory, cacheBytes, textBytes });
}

/** Gives a new engine the rows that are logged and not sealed, while nothing else is written. */
async function refill(
  hot: HotKeeper,
  writer: WriteAheadLog,
  { disk, keyring, folder }: LogPlace,
): Promise<void> {
  await hot.settled();
  await writer.alone(async () => {
    hot.forgetLoaded();
    await replayLog(disk, keyring, folder, async (frame) => {
      if (frame.lsn >= hot.sealedLsn) await hot.takeBack(frame);
    });
  });
}

/** An engine that knows every segment that a query may ask for. */
function filledEngine(
  channel: EngineChannel,
  segments: SegmentList,
  whenDead: () => void,
): EngineClient {
  const client = new EngineClient(channel, whenDead);
  for (const segment of segments.readable) void client.ask('register', refOf(segment));
  return client;
}

/** What a frame of an earlier run says about its source and its uids. */
function note(frame: Frame, progress: SourceProgress, dedupe: UidDedupe, nowMs: number): void {
  const batch = decodeBatch(frame.batch);
  assert(batch.ok, `the batch of the authentic frame at ${frame.lsn} decodes`);
  progress.note(frame.origin, batch.value);
  dedupe.remember(batch.value, frame.origin.sender, frame.lsn, nowMs);
}

function damagedFiles(found: readonly ReplayedFile[]): StoreStatus['quarantined'] {
  return found.flatMap(({ name, damage }) =>
    damage === undefined ? [] : [{ segment: name, why: damage }],
  );
}

/** Also behind every file's name: the ids of its lost records must not be given again. */
function lsnBehindDamage(endLsn: number, found: readonly ReplayedFile[]): number {
  return Math.max(endLsn, ...found.map(({ firstLsn }) => firstLsn)) + LSN_GAP;
}

/** Memory files are bounded by what the host has for them: a container may have 64 MB. */
function fitted(limits: StoreLimits, freeBytes: number): StoreLimits {
  // Two hot tables, the segment being made and the decrypted ones share the room.
  const share = Math.max(1024 * 1024, Math.floor(freeBytes / 5));
  return {
    ...limits,
    sealBytes: Math.min(limits.sealBytes, share),
    cacheBytes: Math.min(limits.cacheBytes, share),
    textBytes: Math.min(limits.textBytes, share),
    // An eighth of the engine's memory: queries go on while a merge sorts.
    mergeBytes: Math.min(limits.mergeBytes, share, (limits.engineMemoryMb * 1024 * 1024) / 8),
  };
}
