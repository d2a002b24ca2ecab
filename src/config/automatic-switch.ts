import fs from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, systemCode } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';

/** A reason is a sentence; whoever puts a book there is not read to its end. */
const REASON_CHARS_MAX = 300;
/** No character of UTF-8 is longer than four bytes. */
const REASON_BYTES_MAX = 4 * REASON_CHARS_MAX;

/**
 * Why no rollback may begin by itself; undefined when nothing of that name is there. Only that
 * lets one begin: whatever cannot be read counts as a reason, and so do an empty file, a folder
 * and a link, wherever that leads.
 */
export function readAutomaticOff(file: string): string | undefined {
  try {
    if (!fs.lstatSync(file).isFile()) return `${file} is there and is no plain file`;
    const words = beginningOf(file).replaceAll(/\s+/g, ' ').trim();
    return words === '' ? `${file} is there` : words.slice(0, REASON_CHARS_MAX);
  } catch (error) {
    if (isAbsent(file)) return undefined;
    return `${file} cannot be read (${messageOf(error)})`;
  }
}

/**
 * Throws the switch, or takes it back when there is no reason. Needs the data directory alone, so
 * it works while no daemon runs; one that runs looks at the file every second, as whatever user it
 * is. Idempotent. Root throws it in a directory that may be another user's: no link is followed.
 */
export function writeAutomaticOff(file: string, reason: string | undefined): Result<void> {
  try {
    if (reason === undefined) fs.rmSync(file, { force: true });
    else replace(file, `${reason}\n`);
    syncFolder(dirname(file));
    return ok(undefined);
  } catch (cause) {
    const detail = `${file} cannot be written: ${messageOf(cause)}`;
    return err(lgError('LG_RUNTIME_DATA_UNUSABLE', detail, cause));
  }
}

function isAbsent(file: string): boolean {
  try {
    fs.lstatSync(file);
    return false;
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}

/** Does not wait, should it have become a pipe since it was looked at. */
function beginningOf(file: string): string {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const fd = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(REASON_BYTES_MAX);
    return bytes.toString('utf8', 0, fs.readSync(fd, bytes, 0, REASON_BYTES_MAX, 0));
  } finally {
    fs.closeSync(fd);
  }
}

/** As a whole and durably; a link of that name is replaced, what it leads to stays as it is. */
function replace(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
  fs.rmSync(fresh, { force: true });
  const fd = fs.openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    fs.writeFileSync(fd, text);
    // The daemon reads it as a user of its own, whatever the umask of who throws it.
    fs.fchmodSync(fd, 0o644);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(fresh, file);
}

function syncFolder(folder: string): void {
  const fd = fs.openSync(folder, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
