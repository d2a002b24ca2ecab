import { closeSync, openSync, fsyncSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDiskFull } from '../../../base/disk-full.ts';
import { messageOf, type LastgoodError } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';

/** Marks the file as ours, in the header field SQLite keeps for that ("LGct"). */
const APPLICATION_ID = 0x4c476374;

/** Version of the tables below. */
const FORMAT = 1;

/** How long a writer waits for another: backups and checks hold the file for moments only. */
const BUSY_MS = 5000;

const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE entries (
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (stream, version)
  ) WITHOUT ROWID;
  CREATE TABLE fences (name TEXT PRIMARY KEY, token INTEGER NOT NULL, holder TEXT NOT NULL)
    WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT};
`;

/**
 * Opens or makes the control database: one file, private to its owner, write-ahead logged, with an
 * fsync for every commit. LG_STORE_CONTROL_DAMAGED when it is no database of ours or does not
 * pass SQLite's own check.
 */
export function openDatabase(path: string): Result<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    makePrivate(path);
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;');
    const wrong = prepareTables(database) ?? failedCheck(database);
    if (wrong === undefined) return ok(database);
    database.close();
    return err(lgError('LG_STORE_CONTROL_DAMAGED', `${path}: ${wrong}`));
  } catch (cause) {
    if (database?.isOpen === true) database.close();
    return err(databaseError(path, 'open', cause));
  }
}

/** SQLite gives its log and index files the mode of the main file. */
function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function prepareTables(database: DatabaseSync): string | undefined {
  const format = pragma(database, 'user_version');
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get();
  if (format === 0 && Number(tables?.['n']) === 0) {
    database.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT;`);
    return undefined;
  }
  if (pragma(database, 'application_id') !== APPLICATION_ID) return 'it is no control database';
  if (format !== FORMAT) return `it has format ${format}, this version reads ${FORMAT}`;
  return undefined;
}

function failedCheck(database: DatabaseSync): string | undefined {
  const row = database.prepare('PRAGMA quick_check(1)').get();
  const said = String(row?.['quick_check']);
  return said === 'ok' ? undefined : said.replaceAll('\n', ' ');
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** SQLite's primary result codes that say the file is no whole database. */
const DAMAGED: readonly number[] = [11, 26];

/** The error of something SQLite threw; `what` is `append`, `read`, …. */
export function databaseError(path: string, what: string, cause: unknown): LastgoodError {
  const detail = `${what} in ${path}: ${messageOf(cause)}`;
  if (isDiskFull(cause)) return lgError('LG_STORE_DISK_FULL', detail, cause);
  if (DAMAGED.includes(resultCode(cause) & 0xff))
    return lgError('LG_STORE_CONTROL_DAMAGED', detail, cause);
  return lgError('LG_STORE_WRITE_FAILED', detail, cause);
}

function resultCode(thrown: unknown): number {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return 0;
  return typeof thrown.errcode === 'number' ? thrown.errcode : 0;
}
