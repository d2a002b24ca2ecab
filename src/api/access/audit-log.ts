import { z } from 'zod';
import type { Disk } from '../../base/disk.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { AuditEntry } from '../../model/access/audit-entry.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import type { AuditVerdict } from '../contract.ts';
import { auditHash, EMPTY_CHAIN, follow, type ChainHead } from './audit-chain.ts';
import { readHead, writeHead } from './audit-head.ts';

/** Entries a stream, so that a start reads a small part of a long log. */
const ENTRIES_PER_STREAM = 5000;

/** Longest text of an entry: a reason given by a person. */
const DETAIL_CHARS_MAX = 2000;

/** Entries that wait for the disk; beyond, calls fail rather than go unrecorded. */
const WAITING_MAX = 1000;

/** What happened, before it has its place in the chain. */
export type AuditFact = Pick<AuditEntry, 'principal' | 'action' | 'object' | 'outcome' | 'detail'>;

/** What the log stands on. */
export interface AuditLogOptions {
  readonly control: ControlStore;
  readonly clock: Clock;
  /** A small file outside the control store that holds the newest entry's hash. */
  readonly headFile: string;
  readonly disk: Disk;
}

interface Tail {
  readonly index: number;
  readonly version: number;
}

interface Waiting {
  readonly fact: AuditFact;
  readonly settle: (result: Result<void>) => void;
}

const auditEntry = z.object({
  sequence: z.number().int().positive(),
  at: z.string(),
  principal: z.string(),
  action: z.string(),
  object: z.string(),
  outcome: z.enum(['done', 'refused', 'failed']),
  detail: z.string(),
  previous: z.string(),
});

/**
 * Who did what, as a chain of hashes: altering or removing an entry breaks all that follow, and a
 * cut-off end is noticed by the head that is also kept in a file.
 */
export class AuditLog {
  readonly #options: AuditLogOptions;
  #head: ChainHead = EMPTY_CHAIN;
  /** The stream that is added to; kept apart from the head, for a broken chain must go on too. */
  #tail: Tail = { index: 0, version: 0 };
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  /**
   * Opens the log where its newest entry is. A broken chain is no reason not to start: what happens
   * from now on is still recorded, and `verify` tells.
   */
  static async open(options: AuditLogOptions): Promise<Result<AuditLog>> {
    const log = new AuditLog(options);
    const loaded = await log.#load();
    return loaded.ok ? ok(log) : loaded;
  }

  /** Adds an entry, durably before it answers; entries that wait together share their fsyncs. */
  record(fact: AuditFact): Promise<Result<void>> {
    if (this.#waiting.length >= WAITING_MAX) {
      const seen = `${WAITING_MAX} audit entries wait for the disk`;
      return Promise.resolve(err(lgError('LG_API_BUSY', seen)));
    }
    return new Promise((settle) => {
      this.#waiting.push({ fact, settle });
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
    });
  }

  /** Entries after a sequence number, oldest first, at most `limit`. */
  async list(after: number, limit: number): Promise<Result<readonly AuditEntry[]>> {
    const found: AuditEntry[] = [];
    const last = streamIndex(this.#head.sequence);
    for (let index = streamIndex(after + 1); index <= last && found.length < limit; index += 1) {
      const entries = await this.#entries(index);
      if (!entries.ok) return entries;
      found.push(...entries.value.filter(({ sequence }) => sequence > after));
    }
    return ok(found.slice(0, limit));
  }

  /** Recomputes the whole chain and compares it with the head kept apart. */
  async verify(): Promise<Result<AuditVerdict>> {
    await this.#writing;
    const anchor = await readHead(this.#options.headFile);
    const names = await this.#options.control.streams(PREFIX);
    if (!names.ok) return names;
    let head = EMPTY_CHAIN;
    let isAnchored = anchor === undefined || anchor.sequence === 0;
    const verdict = (problem?: string): Result<AuditVerdict> => {
      const { sequence: entries, hash } = head;
      const said = problem === undefined ? {} : { problem };
      return ok({ ok: problem === undefined, entries, head: hash, ...said });
    };
    for (const [index] of names.value.entries()) {
      const entries = await this.#entries(index);
      if (!entries.ok) return verdict(entries.error.detail);
      for (const entry of entries.value) {
        const next = follow(head, entry);
        if ('problem' in next) return verdict(next.problem);
        head = next;
        isAnchored ||= head.sequence === anchor?.sequence && head.hash === anchor.hash;
      }
    }
    if (anchor === undefined && head.sequence > 0) {
      return verdict(`${this.#options.headFile}, which keeps the newest hash, is missing`);
    }
    if (isAnchored) return verdict();
    return verdict(
      `${this.#options.headFile} knows entry ${anchor?.sequence}, ` +
        (head.sequence < (anchor?.sequence ?? 0)
          ? `but the log ends with ${head.sequence}`
          : 'which is another one in the log'),
    );
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const { index, version } = this.#tail;
      if (version >= ENTRIES_PER_STREAM) this.#tail = { index: index + 1, version: 0 };
      const room = ENTRIES_PER_STREAM - this.#tail.version;
      const batch = this.#waiting.splice(0, room);
      const result = await this.#append(batch.map(({ fact }) => fact));
      for (const { settle } of batch) settle(result);
    }
  }

  async #append(facts: readonly AuditFact[]): Promise<Result<void>> {
    const stored = await this.#tryAppend(facts);
    if (stored.ok || stored.error.code !== 'LG_STORE_CONFLICT') return stored;
    // The offline restore command may have added to the log: go on after its entries.
    const loaded = await this.#load();
    return loaded.ok ? this.#tryAppend(facts) : loaded;
  }

  async #tryAppend(facts: readonly AuditFact[]): Promise<Result<void>> {
    const { control, clock, headFile, disk } = this.#options;
    const entries: AuditEntry[] = [];
    let head = this.#head;
    for (const fact of facts) {
      const entry: AuditEntry = {
        ...fact,
        detail: fact.detail.slice(0, DETAIL_CHARS_MAX),
        sequence: head.sequence + 1,
        at: toRfc3339(clock.now()),
        previous: head.hash,
      };
      const next = follow(head, entry);
      if ('problem' in next) throw new Error(`broken invariant: ${next.problem}`);
      head = next;
      entries.push(entry);
    }
    const { index, version } = this.#tail;
    const sent = entries.map((entry) => ({ ...entry }));
    const stored = await control.append(streamName(index), version, sent);
    if (!stored.ok) return stored;
    this.#tail = { index, version: stored.value };
    this.#head = head;
    return writeHead(disk, headFile, head);
  }

  async #load(): Promise<Result<void>> {
    const names = await this.#options.control.streams(PREFIX);
    if (!names.ok) return names;
    const index = Math.max(0, names.value.length - 1);
    const read = await this.#options.control.read(streamName(index));
    if (!read.ok) return read;
    this.#tail = { index, version: read.value.length };
    const last = read.value.at(-1);
    if (last === undefined) return ok(undefined);
    const parsed = auditEntry.safeParse(last.entry);
    this.#head = parsed.success
      ? { sequence: parsed.data.sequence, hash: auditHash(parsed.data) }
      : { sequence: index * ENTRIES_PER_STREAM + last.version, hash: EMPTY_CHAIN.hash };
    return ok(undefined);
  }

  async #entries(index: number): Promise<Result<readonly AuditEntry[]>> {
    const read = await this.#options.control.read(streamName(index));
    if (!read.ok) return read;
    const entries: AuditEntry[] = [];
    for (const { entry, version } of read.value) {
      const parsed = auditEntry.safeParse(entry);
      if (!parsed.success) {
        const seen = `entry ${version} of ${streamName(index)} has another form`;
        return err(lgError('LG_ACCESS_AUDIT_BROKEN', seen));
      }
      entries.push(parsed.data);
    }
    return ok(entries);
  }
}

const PREFIX = 'audit/';

function streamIndex(sequence: number): number {
  return Math.floor(Math.max(0, sequence - 1) / ENTRIES_PER_STREAM);
}

function streamName(index: number): string {
  return `${PREFIX}${String(index).padStart(8, '0')}`;
}
