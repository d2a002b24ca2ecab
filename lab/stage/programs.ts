import { existsSync, globSync, rmSync, writeFileSync } from 'node:fs';
import type { Part, Program } from './part.ts';
import { tryCommand } from './run-command.ts';
import type { StagePlace } from './stage-place.ts';

const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/** A few packages from a mirror; one that needs longer is broken. */
const installTimeoutMs = 600_000;
/** Another installation may be at work. */
const lockTimeoutS = 300;

const policyFile = '/usr/sbin/policy-rc.d';
/** Packages bring services of their own; the stage starts every daemon itself. */
const policyText = '#!/bin/sh\n# lastgood lab: no packaged service starts.\nexit 101\n';

/** The programs of a part this machine does not have. */
export function missingPrograms({ programs }: Part): readonly Program[] {
  return programs.filter(({ command }) => !isThere(command));
}

function isThere(command: string): boolean {
  if (command.startsWith('/')) return globSync(command).length > 0;
  return folders.some((folder) => existsSync(`${folder}/${command}`));
}

/**
 * Installs the Debian packages the parts lack, where that is possible: as root, with apt. What is
 * missing afterwards is for the caller to see; `say` gets a sentence of what is being done.
 */
export async function installMissing(
  parts: readonly Part[],
  { isUnprivileged }: StagePlace,
  say: (line: string) => void,
): Promise<void> {
  const wanted = parts.flatMap(missingPrograms).map(({ debianPackage }) => debianPackage);
  if (wanted.length === 0 || isUnprivileged || process.getuid?.() !== 0) return;
  if (!isThere('apt-get')) return;
  say(`installing ${[...new Set(wanted)].join(' ')}`);
  const isOurPolicy = !existsSync(policyFile);
  if (isOurPolicy) writeFileSync(policyFile, policyText, { mode: 0o755 });
  try {
    const packages = [...new Set(wanted)];
    if (await install(packages)) return;
    // One unknown name spoils the whole line; the others are still worth having.
    for (const name of packages) await install([name]);
  } finally {
    if (isOurPolicy) rmSync(policyFile, { force: true });
  }
}

async function install(packages: readonly string[]): Promise<boolean> {
  const lock = `DPkg::Lock::Timeout=${lockTimeoutS}`;
  const flags = ['-o', lock, 'install', '-qqy', '--no-install-recommends'];
  const { code } = await tryCommand(['apt-get', ...flags, ...packages], {
    timeoutMs: installTimeoutMs,
    environment: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return code === 0;
}
