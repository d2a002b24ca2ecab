import { fromUtf8 } from '../base/bytes.ts';
import { ok, type Result } from '../base/result.ts';
import type { ProviderIo } from '../ports/provider.ts';

/** Extended attributes by name, base64, of each path that has some. */
export type Xattrs = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What is restored: users' own, file capabilities and access lists; labels belong to a policy. */
const NAMES = String.raw`^(user\.|security\.capability$|system\.posix_acl_)`;

/** Paths of one call: far below the kernel's limit of 128 KiB a word and 2 MiB a call. */
const BATCH_PATHS = 2_000;
const BATCH_CHARS = 1_000_000;

const TIMEOUT_MS = 60_000;

/**
 * Reads the extended attributes of absolute paths with `getfattr`, which Node lacks. Undefined
 * when that program is not installed. Paths with escaped names cannot be given to a program.
 */
export async function readXattrs(
  paths: readonly string[],
  io: ProviderIo,
): Promise<Xattrs | undefined> {
  const found = new Map<string, Readonly<Record<string, string>>>();
  const plain = paths.filter((path) => !path.includes('\\'));
  for (let at = 0; at < plain.length;) {
    const batch = takeBatch(plain, at);
    at += batch.length;
    const flags = ['-h', '-d', '-m', NAMES, '-e', 'base64', '--absolute-names', '--'];
    const ran = await io.run(['getfattr', ...flags, ...batch], { timeoutMs: TIMEOUT_MS });
    if (!ran.ok) return undefined;
    for (const [path, attributes] of parseXattrs(fromUtf8(ran.value.stdout))) {
      found.set(path, attributes);
    }
  }
  return found;
}

function takeBatch(paths: readonly string[], from: number): readonly string[] {
  const batch: string[] = [];
  let chars = 0;
  for (let at = from; at < paths.length && batch.length < BATCH_PATHS; at += 1) {
    const path = paths[at] ?? '';
    chars += path.length;
    if (batch.length > 0 && chars > BATCH_CHARS) break;
    batch.push(path);
  }
  return batch;
}

/** Parses the output of `getfattr -d -e base64`: blocks of `# file: PATH` and `name=0sBASE64`. */
export function parseXattrs(text: string): Xattrs {
  const found = new Map<string, Readonly<Record<string, string>>>();
  for (const block of text.split('\n\n')) {
    const lines = block.split('\n').filter((line) => line !== '');
    const path = /^# file: (.*)$/.exec(lines[0] ?? '')?.[1];
    if (path === undefined) continue;
    const pairs = lines.slice(1).flatMap((line) => {
      const match = /^([^=]+)=0s([A-Za-z0-9+/=]*)$/.exec(line);
      return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const];
    });
    const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
    if (pairs.length > 0) found.set(unescapeOctal(path), Object.fromEntries(sorted));
  }
  return found;
}

/** `getfattr` writes control characters and backslashes as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/**
 * Brings the extended attributes of one open file to a form. `path` is `/proc/<pid>/fd/<n>`, which
 * other processes can use too; answers why it failed, if it did.
 */
export async function writeXattrs(
  path: string,
  before: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
  io: ProviderIo,
): Promise<Result<string | undefined>> {
  const removals = Object.keys(before ?? {})
    .filter((name) => wanted?.[name] === undefined)
    .map((name) => ['setfattr', '-x', name, '--', path]);
  const settings = Object.entries(wanted ?? {}).map(([name, value]) => {
    return ['setfattr', '-n', name, '-v', `0s${value}`, '--', path];
  });
  for (const command of [...removals, ...settings]) {
    const ran = await io.run(command, { timeoutMs: TIMEOUT_MS });
    if (!ran.ok) return ran;
    if (ran.value.exitCode !== 0) return ok(`setfattr: ${ran.value.stderr.trim()}`);
  }
  return ok(undefined);
}
