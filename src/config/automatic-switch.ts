import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { messageOf, systemCode } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';

/** A reason is a sentence; whoever puts a book there is not read to its end. */
const REASON_CHARS_MAX = 300;

/**
 * Why no rollback may begin by itself; undefined when the file is not there. Only that lets one
 * begin: a file that cannot be read counts as a reason, an empty one, too.
 */
export function readAutomaticOff(file: string): string | undefined {
  try {
    const words = readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ').trim();
    return words === '' ? `${file} is there` : words.slice(0, REASON_CHARS_MAX);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    return `${file} cannot be read (${messageOf(error)})`;
  }
}

/**
 * Throws the switch, or takes it back when there is no reason. Needs the data directory alone, so
 * it works while no daemon runs; one that runs looks at the file every second, as whatever user it
 * is. Idempotent.
 */
export function writeAutomaticOff(file: string, reason: string | undefined): Result<void> {
  try {
    if (reason === undefined) rmSync(file, { force: true });
    else writeFileSync(file, `${reason}\n`, { mode: 0o644 });
    return ok(undefined);
  } catch (cause) {
    const detail = `${file} cannot be written: ${messageOf(cause)}`;
    return err(lgError('LG_RUNTIME_DATA_UNUSABLE', detail, cause));
  }
}
