import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCheck } from './check-result.ts';

/**
 * Holds `package-lock.json` to naming every optional package of every platform.
 *
 * A registry mirror that holds the packages of some platforms makes npm leave the others out of
 * the lockfile, and `npm ci` then refuses the whole of it. `--mend` adds an entry for each: name,
 * exact version and platform. npm fetches none of them on another platform.
 */

/** The part of a lockfile's entry that this check reads. */
interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** An optional package that an entry of the lockfile wants and the lockfile does not hold. */
interface Absent {
  readonly name: string;
  readonly version: string;
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Optional packages without an entry. */
export function findAbsent(packages: Readonly<Record<string, LockedPackage>>): readonly Absent[] {
  const held = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  return Object.values(packages).flatMap(({ optionalDependencies }) =>
    Object.entries(optionalDependencies ?? {})
      .filter(([name]) => !held.has(name))
      .map(([name, version]) => ({ name, version })),
  );
}

/** The lockfile's entry of a platform package, its platform read from its name. */
export function entryOf({ name, version }: Absent): Readonly<Record<string, unknown>> {
  const words = name.split(/[/-]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = words.flatMap((word) =>
    word.startsWith('musl') ? ['musl'] : word.startsWith('gnu') ? ['glibc'] : [],
  );
  if (os.length !== 1 || cpu.length !== 1 || !/^\d/.test(version)) {
    throw new Error(`${name}@${version}: no exact version and platform can be read from this`);
  }
  return { version, cpu, ...(libc.length > 0 && { libc }), optional: true, os };
}

function readPackages(text: string): Record<string, LockedPackage> {
  const parsed: unknown = JSON.parse(text);
  const isLockfile = typeof parsed === 'object' && parsed !== null && 'packages' in parsed;
  if (!isLockfile || typeof parsed.packages !== 'object' || parsed.packages === null) {
    throw new Error('package-lock.json has no "packages"; run npm install with npm 7 or newer');
  }
  return { ...parsed.packages };
}

function mend(text: string): string {
  const packages = readPackages(text);
  const added = findAbsent(packages).map((absent) => [
    `node_modules/${absent.name}`,
    entryOf(absent),
  ]);
  const all = { ...packages, ...Object.fromEntries(added) };
  const sorted = Object.entries(all).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const lockfile: unknown = JSON.parse(text);
  const mended = Object.assign({}, lockfile, { packages: Object.fromEntries(sorted) });
  return `${JSON.stringify(mended, null, 2)}\n`;
}

function main(): void {
  const path = join(process.cwd(), 'package-lock.json');
  if (process.argv.includes('--mend')) writeFileSync(path, mend(readFileSync(path, 'utf8')));
  const absent = findAbsent(readPackages(readFileSync(path, 'utf8')));
  const names = absent.map(({ name, version }) => `${name}@${version}`).join(' ');
  const violation =
    `package-lock.json:1 lacks packages that others want, so npm ci refuses it: ${names}; ` +
    'run node scripts/check-lockfile.ts --mend.';
  const violations = absent.length === 0 ? [] : [violation];
  runCheck('lockfile', { violations, files: 1 });
}

if (import.meta.main) main();
