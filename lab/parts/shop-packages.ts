import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import { runCommand } from '../stage/run-command.ts';

/** Seventy small packages; a registry that takes longer is not answering. */
const installTimeoutMs = 180_000;

/**
 * The folder of packages that the shop's lockfile asks for, installed at the first use and kept for
 * all stages: they weigh forty megabytes, which nobody should pay who never raises the lab. The
 * name is the lockfile's hash, and the folder appears whole, so two at once do no harm.
 */
export async function shopPackages(source: string): Promise<string> {
  const lockfile = readFileSync(join(source, 'package-lock.json'));
  const hash = createHash('sha256').update(lockfile).digest('hex').slice(0, 16);
  const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(caches, 'lastgood-lab', `shop-${hash}`);
  const packages = join(folder, 'node_modules');
  if (existsSync(packages)) return packages;
  const draft = `${folder}.${randomUUID()}`;
  try {
    mkdirSync(draft, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) {
      copyFileSync(join(source, name), join(draft, name));
    }
    const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'];
    await runCommand(['npm', 'ci', '--prefix', draft, ...flags], { timeoutMs: installTimeoutMs });
    renameSync(draft, folder);
  } catch (cause) {
    if (!existsSync(packages)) {
      throw new LabFailure(`the shop's packages could not be installed: ${String(cause)}`, {
        cause,
      });
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return packages;
}
