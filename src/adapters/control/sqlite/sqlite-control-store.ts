import type { DatabaseSync } from 'node:sqlite';
import { newDataKey, open, seal } from '../../../base/aead.ts';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { canonicalJson, type Json } from '../../../base/canonical-json.ts';
import type { Disk } from '../../../base/disk.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { ControlStore, StreamEntry } from '../../../ports/control-store.ts';
import type { Keyring, WrappedKey } from '../../../ports/keyring.ts';
import { databaseError, openDatabase } from './database.ts';

/** Longest name of a stream or a lease: a prefix, an id and a word. */
const NAME_CHARS_MAX = 300;

/** The largest entry, as JSON: a plan that changes ten thousand files stays below. */
const ENTRY_BYTES_MAX = 32 * 1024 * 1024;

/** What the store stands on. */
export interface SqliteControlOptions {
  /** The database file; SQLite keeps `-wal` and `-shm` beside it. */
  readonly path: string;
  readonly keyring: Keyring;
  /** `commit` is the point where tests stop the world, `makeRoom` what a full disk is asked for. */
  readonly disk: Pick<Disk, 'commit' | 'makeRoom'>;
}

/**
 * Opens the embedded control store, making it when it does not exist. Payloads are encrypted under
 * a data key that lies in the database, wrapped by the keyring. Fails with LG_KEY_WRONG,
 * LG_STORE_CONTROL_DAMAGED, LG_STORE_DISK_FULL or LG_STORE_WRITE_FAILED.
 */
export async function openSqliteControlStore(
  options: SqliteControlOptions,
): Promise<Result<ControlStore>> {
  const { path, disk } = options;
  const database = withRoomFor(disk, () => openDatabase(path));
  if (!database.ok) return database;
  const key = await dataKeyOf(database.value, options);
  if (key.ok) return ok(new SqliteControlStore(database.value, key.value, options));
  database.value.close();
  return key;
}

async function dataKeyOf(
  database: DatabaseSync,
  { path, keyring }: SqliteControlOptions,
): Promise<Result<Uint8Array>> {
  try {
    const stored = database.prepare(`SELECT value FROM meta WHERE key = 'data-key'`).get();
    if (stored !== undefined) return await keyring.unwrap(wrappedKey(String(stored['value'])));
    const used = database.prepare('SELECT 1 FROM entries LIMIT 1').get();
    if (used !== undefined) {
      return err(lgError('LG_STORE_CONTROL_DAMAGED', `${path} has entries but no data key`));
    }
    const key = newDataKey();
    const value = JSON.stringify(await keyring.wrap(key));
    database.prepare(`INSERT INTO meta (key, value) VALUES ('data-key', ?)`).run(value);
    return ok(key);
  } catch (cause) {
    return err(databaseError(path, 'read the data key', cause));
  }
}

function wrappedKey(text: string): WrappedKey {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'keyId' in value && 'wrapped' in value) {
    return { keyId: String(value.keyId), wrapped: String(value.wrapped) };
  }
  return { keyId: 'unreadable', wrapped: '' };
}

class SqliteControlStore implements ControlStore {
  readonly #database: DatabaseSync;
  readonly #key: Uint8Array;
  readonly #path: string;
  readonly #disk: SqliteControlOptions['disk'];

  constructor(database: DatabaseSync, key: Uint8Array, options: SqliteControlOptions) {
    this.#database = database;
    this.#key = key;
    this.#path = options.path;
    this.#disk = options.disk;
  }

  append(stream: string, expected: number, entries: readonly Json[]): Promise<Result<number>> {
    const sealed: Uint8Array[] = [];
    for (const [index, entry] of entries.entries()) {
      const plain = utf8(canonicalJson(entry));
      if (plain.length > ENTRY_BYTES_MAX) {
        const seen = `an entry of ${plain.length} bytes for ${stream}, limit ${ENTRY_BYTES_MAX}`;
        return Promise.resolve(err(lgError('LG_STORE_WRITE_FAILED', seen)));
      }
      sealed.push(seal(this.#key, plain, contextOf(stream, expected + index + 1)));
    }
    return this.#transaction('append', stream, (database) => {
      const row = database
        .prepare('SELECT max(version) AS version FROM entries WHERE stream = ?')
        .get(stream);
      const version = Number(row?.['version'] ?? 0);
      if (version !== expected) {
        const seen = `${stream} is at version ${version}, the writer expected ${expected}`;
        return err(lgError('LG_STORE_CONFLICT', seen));
      }
      const insert = database.prepare(
        'INSERT INTO entries (stream, version, sealed) VALUES (?, ?, ?)',
      );
      for (const [index, bytes] of sealed.entries()) {
        insert.run(stream, expected + index + 1, bytes);
      }
      return ok(expected + sealed.length);
    });
  }

  read(stream: string, after = 0): Promise<Result<readonly StreamEntry[]>> {
    return this.#reading(`read ${stream}`, (database) => {
      const rows = database
        .prepare(
          'SELECT version, sealed FROM entries WHERE stream = ? AND version > ? ORDER BY version',
        )
        .all(stream, after);
      const entries: StreamEntry[] = [];
      for (const row of rows) {
        const version = Number(row['version']);
        const entry = this.#opened(stream, version, row['sealed']);
        if (entry === undefined || version !== after + entries.length + 1) {
          const where = `${this.#path}: entry ${version} of ${stream}`;
          const seen = `${where} was altered or is out of order`;
          return err(lgError('LG_STORE_CONTROL_DAMAGED', seen));
        }
        entries.push({ version, entry });
      }
      return ok(entries);
    });
  }

  streams(prefix: string): Promise<Result<readonly string[]>> {
    return this.#reading('list streams', (database) => {
      const rows = database
        .prepare(
          'SELECT DISTINCT stream FROM entries WHERE substr(stream, 1, ?) = ? ORDER BY stream',
        )
        .all([...prefix].length, prefix);
      return ok(rows.map((row) => String(row['stream'])));
    });
  }

  drop(stream: string): Promise<Result<void>> {
    return this.#transaction('drop', stream, (database) => {
      database.prepare('DELETE FROM entries WHERE stream = ?').run(stream);
      return ok(undefined);
    });
  }

  fence(name: string, holder: string): Promise<Result<number>> {
    return this.#transaction('fence', name, (database) => {
      const row = database
        .prepare(
          `INSERT INTO fences (name, token, holder) VALUES (?, 1, ?)
           ON CONFLICT (name) DO UPDATE SET token = token + 1, holder = excluded.holder
           RETURNING token`,
        )
        .get(name, holder);
      return ok(Number(row?.['token']));
    });
  }

  close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
    return Promise.resolve();
  }

  #opened(stream: string, version: number, sealed: unknown): Json | undefined {
    if (!(sealed instanceof Uint8Array)) return undefined;
    const plain = open(this.#key, sealed, contextOf(stream, version));
    // What opens is exactly what `append` sealed, so it is JSON.
    return plain === undefined ? undefined : (JSON.parse(fromUtf8(plain)) as Json);
  }

  #reading<Value>(
    what: string,
    read: (database: DatabaseSync) => Result<Value>,
  ): Promise<Result<Value>> {
    return Promise.resolve(this.#tried(what, read));
  }

  #tried<Value>(what: string, work: (database: DatabaseSync) => Result<Value>): Result<Value> {
    if (!this.#database.isOpen) return err(lgError('LG_STORE_CLOSED', what));
    try {
      return work(this.#database);
    } catch (cause) {
      return err(databaseError(this.#path, what, cause));
    }
  }

  /** All of `write` or nothing; durable once it has answered. Never waits between begin and end. */
  #transaction<Value>(
    what: string,
    subject: string,
    write: (database: DatabaseSync) => Result<Value>,
  ): Promise<Result<Value>> {
    if (subject === '' || subject.length > NAME_CHARS_MAX) {
      const seen = `${what}: the name has ${subject.length} characters, limit ${NAME_CHARS_MAX}`;
      return Promise.resolve(err(lgError('LG_STORE_WRITE_FAILED', seen)));
    }
    const attempt = (database: DatabaseSync): Result<Value> => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = write(database);
        if (result.ok) this.#disk.commit(`control ${what}`, () => database.exec('COMMIT'));
        return result;
      } finally {
        if (database.isTransaction) database.exec('ROLLBACK');
      }
    };
    const written = withRoomFor(this.#disk, () => this.#tried(`${what} ${subject}`, attempt));
    return Promise.resolve(written);
  }
}

/** A transaction that found the disk full has left nothing, so it may be done again. */
function withRoomFor<Value>(
  disk: SqliteControlOptions['disk'],
  work: () => Result<Value>,
): Result<Value> {
  for (;;) {
    const result = work();
    const isFull = !result.ok && result.error.code === 'LG_STORE_DISK_FULL';
    if (!isFull || !disk.makeRoom()) return result;
  }
}

function contextOf(stream: string, version: number): Uint8Array {
  return utf8(`control 1\n${version}\n${stream}`);
}
