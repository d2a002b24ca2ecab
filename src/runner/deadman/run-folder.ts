import { link, rm, rmdir, writeFile } from 'node:fs/promises';
import { fromUtf8Strict, utf8 } from '../../base/bytes.ts';
import { canonicalJson, type Json } from '../../base/canonical-json.ts';
import { withRoom } from '../../base/disk-full.ts';
import type { Disk } from '../../base/disk.ts';
import { systemCode } from '../../base/error.ts';
import { sha256 } from '../../base/hash.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BlobHash } from '../../model/checkpoint/capture.ts';
import type { StateSpec } from '../../model/component/component.ts';
import type { Pause } from '../../model/component/pause.ts';
import type { ExpectedTarget } from '../../model/component/target-identity.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Deadline } from '../../model/run/instant.ts';
import type { Keyring } from '../../ports/keyring.ts';
import { openOwnKey } from '../own-key.ts';
import type { ProcessIdentity } from '../process-table.ts';
import { readWhole, replaceFile } from '../replace-file.ts';
import { SealedFiles } from '../sealed-files.ts';

/** One state a dead-man puts back. */
export interface GuardedState {
  readonly state: StateSpec;
  /** P. */
  readonly before: BlobHash;
  /** T: what is neither P, T nor a mix of both was written by somebody else. */
  readonly wanted: BlobHash;
  /** See `ProviderIo.host`. */
  readonly host: string | undefined;
  /** Whose target it was; a dead-man never outlives a restart of its host. */
  readonly target?: ExpectedTarget;
}

/** Somebody who is paused for a run, and has to be let go on. */
export interface PausedWriter extends Pause {
  /** Unique within the folder. */
  readonly key: string;
  /** He was let go on. */
  readonly resumed?: true;
  /** Why he could not be, when that was tried last. */
  readonly problem?: string;
}

/** All that a dead-man knows. */
export interface RunFile {
  readonly run: string;
  readonly deadline: Deadline;
  /** The run's fencing token; moves on when another daemon takes the run over. */
  readonly token: number;
  /** In the order in which they are changed; it goes back in the other one. */
  readonly states: readonly GuardedState[];
  /** Who is to go on at the deadline, in the order in which they are paused. */
  readonly paused?: readonly PausedWriter[];
}

/** What a dead-man says when it is ready: so many it can put back or let go on. */
export interface Armed extends ProcessIdentity {
  readonly states: number;
  /** The control groups it lives in, as in /proc/PID/cgroup. */
  readonly cgroup: string;
}

/** How a dead-man's watch ended: one of the two, once and for all. */
export type End = 'disarmed' | 'fired';

/** What became of a state, in the words of `RunProgress`. */
export type Outcome = 'before' | 'foreign' | 'superseded' | 'unknown';

/** What a dead-man did. */
export type Report = Readonly<Record<string, Outcome>>;

/**
 * The folder that a host runner and the dead-man of one run share. Contents are encrypted with a
 * key of the runner's own; what is durable is so once a method answers.
 */
export interface RunFolder {
  readonly path: string;
  /** Makes it; idempotent. */
  make(): Promise<void>;
  /** Undefined when the run has none, or it was ended and removed. */
  readRun(): Promise<RunFile | undefined>;
  writeRun(file: RunFile): Promise<void>;
  getBlob(hash: BlobHash): Promise<Result<Uint8Array>>;
  putBlob(hash: BlobHash, bytes: Uint8Array): Promise<void>;
  hasBlob(hash: BlobHash): Promise<boolean>;
  readArmed(): Promise<Armed | undefined>;
  writeArmed(armed: Armed): Promise<void>;
  readEnd(): Promise<End | undefined>;
  /**
   * Ends the watch in one of two ways and answers which it was: the first who asks decides,
   * whatever process it is. `undefined` when the folder is gone, as it is after being disarmed.
   */
  end(how: End): Promise<End | undefined>;
  readReport(): Promise<Report | undefined>;
  writeReport(report: Report): Promise<void>;
  remove(): Promise<void>;
  /** Removes it unless there is an order in it, or one is just being written. */
  removeUnused(): Promise<void>;
}

/** The folder of a run below a runner's; the name is no path that somebody else could choose. */
export function runFolderName(run: string): string {
  return sha256(run).slice(0, 32);
}

/** Whether something beside the runner's key is the folder of a run. */
export function isRunFolderName(name: string): boolean {
  return /^[0-9a-f]{32}$/.test(name);
}

/** How many states and writers a dead-man watches over. */
export function watchedBy({ states, paused = [] }: RunFile): number {
  return states.length + paused.length;
}

/** The name of the watch over who is paused for a run: it may end later than the run's own. */
export function pauseWatch(run: string): string {
  return `${run}/paused`;
}

/** The file in the folder of a run that takes what its dead-man prints. */
export const LOG = 'log';

/** Where the folders of all runs lie. */
export function deadManFolder(folder: string): string {
  return `${folder}/deadman`;
}

/** Opens all run folders of a runner. LG_KEY_WRONG is thrown when they are of another key. */
export async function openRunFolders(
  disk: Disk,
  folder: string,
  keyring: Keyring,
): Promise<(name: string) => RunFolder> {
  const all = deadManFolder(folder);
  await disk.makeFolder(all);
  const key = await openOwnKey(disk, all, 'key.json', keyring);
  return (name) => runFolder(disk, `${all}/${name}`, key);
}

function runFolder(disk: Disk, path: string, key: Uint8Array): RunFolder {
  const files = new SealedFiles(disk, path, key);
  const plain = async (name: string): Promise<unknown> => {
    const bytes = await readWhole(disk, `${path}/${name}`);
    // Replaced as a whole, a file is there or not, and never half.
    return bytes === undefined ? undefined : JSON.parse(fromUtf8Strict(bytes) ?? 'null');
  };
  const sealed = async <Value>(name: string): Promise<Value | undefined> => {
    const bytes = await files.read(name);
    if (bytes === undefined) return undefined;
    if (bytes === 'damaged') throw new Error(`${path}/${name} is damaged`);
    // We alone have the key, and the name is authenticated: nobody else wrote another form.
    return JSON.parse(fromUtf8Strict(bytes) ?? 'null');
  };
  const readEnd = async (): Promise<End | undefined> => {
    const end = await plain('end');
    return end === 'fired' || end === 'disarmed' ? end : undefined;
  };
  return {
    path,
    make: () => disk.makeFolder(path),
    readRun: () => sealed('run'),
    async writeRun(file) {
      await disk.makeFolder(path);
      await files.write('run', utf8(JSON.stringify(file)));
    },
    async getBlob(hash) {
      const bytes = await files.read(blobName(hash));
      if (bytes !== undefined && bytes !== 'damaged') return ok(bytes);
      return err(lgError('LG_CHECKPOINT_DAMAGED', `the dead-man has no blob ${hash}`));
    },
    async putBlob(hash, bytes) {
      await disk.makeFolder(path);
      await files.write(blobName(hash), bytes);
    },
    hasBlob: async (hash) => (await files.read(blobName(hash))) instanceof Uint8Array,
    readArmed: async () => armedOf(await plain('armed')),
    writeArmed: (armed) => write(disk, path, 'armed', { ...armed }),
    readEnd,
    async end(how) {
      const mine = `${path}/end.${process.pid}`;
      try {
        const options = { mode: 0o600, flush: true } as const;
        await withRoom(disk, () => writeFile(mine, JSON.stringify(how), options));
        // A link is made by one of us only, and with its content.
        await withRoom(disk, () => link(mine, `${path}/end`));
      } catch (thrown) {
        if (systemCode(thrown) === 'ENOENT') return undefined;
        if (systemCode(thrown) !== 'EEXIST') throw thrown;
      }
      await rm(mine, { force: true });
      await disk.syncFolder(path);
      return readEnd();
    },
    readReport: () => sealed('report'),
    writeReport: (report) => files.write('report', utf8(JSON.stringify(report))),
    remove: () => rm(path, { recursive: true, force: true }),
    removeUnused: () => removeUnused(path),
  };
}

/** Whatever else lies there keeps it: who writes an order at this moment must not lose it. */
async function removeUnused(path: string): Promise<void> {
  await rm(`${path}/${LOG}`, { force: true });
  await rmdir(path).catch((thrown: unknown) => {
    if (systemCode(thrown) !== 'ENOTEMPTY' && systemCode(thrown) !== 'ENOENT') throw thrown;
  });
}

function blobName(hash: BlobHash): string {
  return `blob-${hash}`;
}

function write(disk: Disk, path: string, name: string, value: Json): Promise<void> {
  return replaceFile(disk, path, name, utf8(canonicalJson(value)));
}

function armedOf(value: unknown): Armed | undefined {
  const { pid, start, states, cgroup }: typeof NOTHING = { ...NOTHING, ...Object(value) };
  if (typeof pid !== 'number' || typeof start !== 'string') return undefined;
  return { pid, start, states: Number(states), cgroup: String(cgroup) };
}

const NOTHING: Readonly<Record<keyof Armed, unknown>> = {
  pid: undefined,
  start: undefined,
  states: undefined,
  cgroup: undefined,
};
