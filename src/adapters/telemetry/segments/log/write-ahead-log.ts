import { concatBytes } from '../../../../base/bytes.ts';
import type { Disk } from '../../../../base/disk.ts';
import type { Keyring } from '../../../../ports/keyring.ts';
import { freeMemory } from '../free-memory.ts';
import { lsnAfter, writeFrame, type Frame } from './frame.ts';
import { createLogFile, type LogFile } from './log-file.ts';
import type { ReplayedFile } from './replay-log.ts';

/** A log file that gets no more frames. */
interface ClosedFile {
  readonly name: string;
  readonly endLsn: number;
  readonly bytes: number;
  /** Kept aside instead of removed, for whoever wants to save what is in it. */
  readonly damaged: boolean;
}

/** Where the log lies and what it needs. */
export interface LogPlace {
  readonly disk: Disk;
  readonly keyring: Keyring;
  readonly folder: string;
  readonly quarantine: string;
  /** A file is closed once it is this long. */
  readonly fileBytes: number;
}

/**
 * The write-ahead log. What `write` answered for survives kill -9 and power loss; of what it threw
 * for nothing is kept. Calls run one after the other, in the order they are made.
 */
export class WriteAheadLog {
  readonly #place: LogPlace;
  readonly #closed: ClosedFile[];
  #current: LogFile | undefined;
  /** Whether bytes behind the last good frame must be cut before anything else is written. */
  #torn = false;
  #nextLsn: number;
  #last: Promise<unknown> = Promise.resolve();

  /** `found` are the files of an earlier run, whose frames all lie before `endLsn`. */
  constructor(place: LogPlace, found: readonly ReplayedFile[], endLsn: number, nextLsn: number) {
    this.#place = place;
    this.#nextLsn = nextLsn;
    this.#closed = found.map(({ name, bytes, damage }) => ({
      name,
      endLsn,
      bytes,
      damaged: damage !== undefined,
    }));
  }

  /** The LSN of the next frame. */
  get nextLsn(): number {
    return this.#nextLsn;
  }

  get bytes(): number {
    const current = this.#current?.end ?? 0;
    return this.#closed.reduce((sum, { bytes }) => sum + bytes, current);
  }

  /** Appends frames with one write and one fsync. Throws Node's errors. */
  write(frames: readonly Frame[]): Promise<void> {
    return this.alone(() => this.#write(frames));
  }

  /** Closes the current file, so that it can be removed once all of it is sealed. */
  rotate(): Promise<void> {
    return this.alone(() => this.#rotate());
  }

  /** Removes closed files all of whose frames are sealed, that is, lie before `lsn`. */
  trim(lsn: number): Promise<void> {
    return this.alone(() => this.#trim(lsn));
  }

  close(): Promise<void> {
    return this.alone(async () => {
      await this.#current?.file.close();
      this.#current = undefined;
    });
  }

  /** Runs something while nothing is written, behind everything asked for before. */
  alone<Value>(run: () => Promise<Value>): Promise<Value> {
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #write(frames: readonly Frame[]): Promise<void> {
    await this.#repair();
    const log = await this.#fileFor();
    const parts = frames.flatMap((frame) => writeFrame(frame, log.keys.key, log.keys.fileId));
    const bytes = concatBytes(parts);
    freeMemory(parts);
    // Set before the write: whatever happens in between, the bytes are cut until all is well.
    this.#torn = true;
    try {
      await log.file.write(bytes, log.end);
      await log.file.sync();
    } catch (error) {
      await this.#repair().catch(() => undefined);
      throw error;
    }
    this.#torn = false;
    log.end += bytes.length;
    freeMemory([bytes]);
    for (const { lsn, rows } of frames) this.#nextLsn = lsnAfter(lsn, rows);
  }

  async #rotate(): Promise<void> {
    await this.#repair();
    const log = this.#current;
    if (log === undefined) return;
    this.#current = undefined;
    this.#closed.push({ name: log.name, endLsn: this.#nextLsn, bytes: log.end, damaged: false });
    await log.file.close();
  }

  async #trim(lsn: number): Promise<void> {
    const { disk, folder, quarantine } = this.#place;
    let removed = false;
    for (const file of [...this.#closed]) {
      if (file.endLsn > lsn) continue;
      const path = `${folder}/${file.name}`;
      if (file.damaged) {
        await disk.makeFolder(quarantine);
        await disk.rename(path, `${quarantine}/${file.name}`);
        await disk.syncFolder(quarantine);
      } else {
        await disk.remove(path);
      }
      this.#closed.splice(this.#closed.indexOf(file), 1);
      removed = true;
    }
    if (removed) await disk.syncFolder(folder);
  }

  /** Cuts what a failed write may have left; throws while the disk refuses even that. */
  async #repair(): Promise<void> {
    if (!this.#torn) return;
    const log = this.#current;
    if (log !== undefined) {
      await log.file.truncate(log.end);
      await log.file.sync();
    }
    this.#torn = false;
  }

  async #fileFor(): Promise<LogFile> {
    if (this.#current !== undefined && this.#current.end >= this.#place.fileBytes) {
      await this.#rotate();
    }
    const { disk, keyring, folder } = this.#place;
    this.#current ??= await createLogFile(disk, keyring, folder, this.#nextLsn);
    return this.#current;
  }
}
