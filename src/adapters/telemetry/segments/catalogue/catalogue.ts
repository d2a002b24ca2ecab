import { DatabaseSync } from 'node:sqlite';
import { newDataKey } from '../../../../base/aead.ts';
import type { Disk } from '../../../../base/disk.ts';
import { messageOf } from '../../../../base/error.ts';
import { err, ok, type Result } from '../../../../base/result.ts';
import { lgError } from '../../../../model/errors/lg-error.ts';
import type { Keyring } from '../../../../ports/keyring.ts';
import { parseWrapped } from '../log/log-file.ts';
import type { CatalogueEntry, SegmentSide } from './catalogue-entry.ts';
import { CHAIN_START, chainHash, openEntry, openSide, sealEntry, sealSide } from './entry-codec.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY, sealed BLOB NOT NULL, hash TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sides (segment TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
`;

/** An entry that cannot be trusted; the others can, they were verified one by one. */
export interface BrokenEntry {
  readonly number: number;
  readonly why: string;
}

/**
 * The list of everything that was ever sealed or expired, in its own SQLite file: append-only,
 * each entry encrypted and chained to the one before by its hash, so that deleting a segment's
 * file by retention is told apart from losing it.
 */
export class Catalogue {
  readonly #database: DatabaseSync;
  readonly #disk: Disk;
  readonly #key: Uint8Array;
  #number = 0;
  #hash = CHAIN_START;

  constructor(database: DatabaseSync, disk: Disk, key: Uint8Array) {
    this.#database = database;
    this.#disk = disk;
    this.#key = key;
  }

  /** Reads and verifies every entry, in order. Called once, before anything is appended. */
  replay(use: (entry: CatalogueEntry) => void): readonly BrokenEntry[] {
    const broken: BrokenEntry[] = [];
    const rows = this.#database.prepare('SELECT number, sealed, hash FROM entries ORDER BY number');
    for (const row of rows.iterate()) {
      const number = Number(row['number']);
      const sealed = bytesOf(row['sealed']);
      const hash = chainHash(this.#hash, number, sealed);
      if (number !== this.#number + 1) broken.push({ number, why: 'entries before it are gone' });
      else if (hash !== row['hash']) broken.push({ number, why: 'its hash does not fit' });
      const entry = openEntry(this.#key, number, sealed);
      if (entry === undefined) broken.push({ number, why: 'it does not authenticate' });
      else use(entry);
      this.#number = number;
      this.#hash = String(row['hash']);
    }
    return broken;
  }

  /** Appends an entry with the side of its segment, if any, in one durable commit. Throws. */
  append(entry: CatalogueEntry, side?: SegmentSide): void {
    const number = this.#number + 1;
    const sealed = sealEntry(this.#key, number, entry);
    const hash = chainHash(this.#hash, number, sealed);
    this.#disk.commit('catalogue', () => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        this.#database
          .prepare('INSERT INTO entries (number, sealed, hash) VALUES (?, ?, ?)')
          .run(number, sealed, hash);
        this.#writeSide(entry, side);
        this.#database.exec('COMMIT');
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
      this.#number = number;
      this.#hash = hash;
    });
  }

  #writeSide(entry: CatalogueEntry, side: SegmentSide | undefined): void {
    const gone =
      entry.kind === 'expired'
        ? [entry.segment]
        : entry.kind === 'replaced-by'
          ? entry.segments
          : [];
    for (const segment of gone) {
      this.#database.prepare('DELETE FROM sides WHERE segment = ?').run(segment);
    }
    if (side === undefined || !('segment' in entry) || typeof entry.segment === 'string') return;
    const { id } = entry.segment;
    this.#database
      .prepare('INSERT INTO sides (segment, sealed) VALUES (?, ?)')
      .run(id, sealSide(this.#key, id, side));
  }

  /** The side of a segment; undefined when it is missing or altered: then nothing is pruned. */
  side(segment: string): SegmentSide | undefined {
    const row = this.#database.prepare('SELECT sealed FROM sides WHERE segment = ?').get(segment);
    return row === undefined ? undefined : openSide(this.#key, segment, bytesOf(row['sealed']));
  }

  close(): void {
    this.#database.close();
  }
}

/** Opens the catalogue, or makes it with a new data key. */
export async function openCatalogue(
  path: string,
  disk: Disk,
  keyring: Keyring,
): Promise<Result<Catalogue>> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec(SCHEMA);
    const key = await catalogueKey(database, disk, keyring);
    if (key.ok) return ok(new Catalogue(database, disk, key.value));
    database.close();
    return key;
  } catch (error) {
    if (database?.isOpen === true) database.close();
    if (!isSqlite(error)) throw error;
    const detail = `${path}: ${messageOf(error)}`;
    return err(lgError('LG_STORE_CATALOGUE_DAMAGED', detail, error));
  }
}

async function catalogueKey(
  database: DatabaseSync,
  disk: Disk,
  keyring: Keyring,
): Promise<Result<Uint8Array>> {
  const row = database.prepare("SELECT value FROM meta WHERE name = 'key'").get();
  if (row !== undefined) {
    const wrapped = parseWrapped(String(row['value']));
    if (wrapped !== undefined) return await keyring.unwrap(wrapped);
    return err(lgError('LG_STORE_CATALOGUE_DAMAGED', 'the catalogue has no readable key'));
  }
  const key = newDataKey();
  const { keyId, wrapped } = await keyring.wrap(key);
  disk.commit('catalogue key', () =>
    database
      .prepare("INSERT INTO meta (name, value) VALUES ('key', ?)")
      .run(JSON.stringify({ keyId, wrapped })),
  );
  return ok(key);
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function isSqlite(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}
