import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openBook } from '../stage/book.ts';
import { killSession } from '../stage/janitor.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import { isAlive, type ProcessIdentity } from '../stage/process-identity.ts';
import { holdStage, type StagePlace } from '../stage/stage-place.ts';
import { stageOf } from '../stage/stage.ts';
import { waitUntil } from '../stage/wait-until.ts';

/** Set for a lab that runs inside: there it is root in name and goes about its work. */
export const insideVariable = 'LASTGOOD_LAB_INSIDE';

const script = join(import.meta.dirname, '..', 'config', 'user-world.sh');
const preparedTimeoutMs = 10_000;

/**
 * The world of a stage without root: one process holds user, mount, network and process namespaces
 * in which everything else runs. When it dies all of it is gone, so nothing inside can be left.
 */
const worldOf = (place: StagePlace): StagePlace => ({ ...place, folder: `${place.folder}-world` });

/** Makes the world unless it stands; resolves once commands may enter it. */
export async function makeUserWorld(place: StagePlace): Promise<void> {
  const world = worldOf(place);
  mkdirSync(world.folder, { recursive: true, mode: 0o755 });
  using _hold = await holdStage(world);
  if (holderOf(world) !== undefined) return;
  await removeUserWorld(place);
  mkdirSync(world.folder, { recursive: true, mode: 0o755 });
  const stage = stageOf(world, openBook(world.folder), 'world');
  const folder = stage.partFolder();
  const unshare = ['unshare', '-Urnm', '-pf', '--mount-proc', '--kill-child'] as const;
  await stage.launch({ name: 'holder', command: [...unshare, 'sh', script, folder] });
  await waitUntil('a user namespace for the lab', preparedTimeoutMs, () => {
    if (existsSync(join(folder, 'ready'))) return true;
    const said = readFileSync(join(folder, 'holder.log'), 'utf8').trim();
    throw new LabFailure(said === '' ? 'it is being prepared' : said);
  });
}

/** Kills whoever lives in the world and removes it, with the folder of the stage in it. */
export async function removeUserWorld(place: StagePlace): Promise<void> {
  const world = worldOf(place);
  for (const { thing } of openBook(world.folder).entries()) {
    if (thing.kind === 'process') await killSession(thing.name, thing.identity);
  }
  for (const folder of [place.folder, world.folder]) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Runs this program with the same words inside the world; resolves with its exit code. */
export async function runInside(place: StagePlace): Promise<number> {
  const holder = holderOf(worldOf(place));
  if (holder === undefined) {
    throw new LabFailure(`stage ${place.prefix} without root is not up; lab up --unprivileged`);
  }
  const first = readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8').trim();
  const enter = ['-t', first, '-U', '-m', '-n', '-p', '--preserve-credentials', '--'];
  const words = [...enter, process.execPath, ...process.argv.slice(1)];
  const environment = { ...process.env, [insideVariable]: '1' };
  const child = spawn('nsenter', words, { stdio: 'inherit', env: environment });
  await once(child, 'exit');
  return child.exitCode ?? 1;
}

function holderOf(world: StagePlace): ProcessIdentity | undefined {
  const processes = openBook(world.folder)
    .entries()
    .flatMap(({ thing }) => (thing.kind === 'process' ? [thing.identity] : []));
  return processes.find(isAlive);
}
