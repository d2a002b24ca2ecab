import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';

/** Fetching and unpacking a small package; a mirror that is slower is broken. */
const installTimeoutMs = 240_000;

/**
 * The path of a real program. Installs its Debian package when it is missing and we are root; else
 * the test is skipped with its reason, which fails in a pipeline (`CI=true`).
 */
export function hostProgram(
  test: TestContext,
  name: string,
  debianPackage: string,
): string | undefined {
  const path = presentProgram(name, debianPackage);
  if (path !== undefined) return path;
  const reason = `${name} is missing and could not be installed; apt-get install ${debianPackage}`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  test.skip(`SKIPPED: ${reason}`);
  return undefined;
}

/** The path of a real program, installed as above; undefined where it is missing all the same. */
export function presentProgram(name: string, ...debianPackages: string[]): string | undefined {
  return find(name) ?? (install(debianPackages) ? find(name) : undefined);
}

function find(name: string): string | undefined {
  if (name.startsWith('/')) return existsSync(name) ? name : undefined;
  return ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/bin']
    .map((folder) => `${folder}/${name}`)
    .find((path) => existsSync(path));
}

function install(debianPackages: readonly string[]): boolean {
  if (process.getuid?.() !== 0 || find('apt-get') === undefined) return false;
  const args = ['install', '-qqy', '--no-install-recommends', ...debianPackages];
  const { status } = spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: installTimeoutMs,
  });
  return status === 0;
}
