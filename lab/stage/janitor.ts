import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Book } from './book.ts';
import { LabFailure } from './lab-failure.ts';
import { markVariable } from './mark.ts';
import { readEnvironment } from './process-environment.ts';
import { bootId, readProcess, readProcesses, type ProcessIdentity } from './process-identity.ts';
import { runCommand, tryCommand } from './run-command.ts';
import type { StagePlace } from './stage-place.ts';
import type { Entry } from './thing.ts';
import { waitUntil } from './wait-until.ts';

/** A killed process is gone in milliseconds unless the kernel waits for a disk. */
const killTimeoutMs = 10_000;

/**
 * Removes what a part has made, the last thing first, from what the book says alone: it serves as
 * well after a `kill -9` between any two steps. Doing it twice is doing it once.
 */
export async function cleanPart(place: StagePlace, book: Book, part: string): Promise<void> {
  const entries = book.entries().filter((entry) => entry.part === part);
  for (const entry of entries.toReversed()) {
    await removeThing(entry);
    book.drop(entry);
  }
  await unmountBelow(join(place.folder, part));
  rmSync(join(place.folder, part), { recursive: true, force: true, maxRetries: 3 });
}

/** Kills every process that bears the mark of the stage, except this one. */
export function killMarked(folder: string): Promise<void> {
  return killAll('processes of the stage', () => markedPids(folder));
}

/** Kills a daemon and those of its session; none left is fine. */
export function killSession(name: string, identity: ProcessIdentity): Promise<void> {
  return killAll(name, () => sessionPids(identity));
}

async function removeThing({ thing }: Entry): Promise<void> {
  switch (thing.kind) {
    case 'process':
      return killSession(thing.name, thing.identity);
    case 'namespace':
      return removeNamespace(thing.name);
    case 'mount':
      return unmountBelow(thing.path);
    case 'path':
      return rmSync(thing.path, { recursive: true, force: true, maxRetries: 3 });
    case 'rules':
      if (await hasNamespace(thing.namespace)) {
        await runCommand(['ip', 'netns', 'exec', thing.namespace, 'nft', 'flush', 'ruleset']);
      }
      return;
    case 'fault':
    case 'ready':
    case 'port':
      return;
  }
}

async function removeNamespace(name: string): Promise<void> {
  if (!(await hasNamespace(name))) return;
  const pids = async (): Promise<readonly number[]> => {
    const { stdout } = await tryCommand(['ip', 'netns', 'pids', name]);
    return stdout.split('\n').filter(Boolean).map(Number);
  };
  await killAll(`processes in ${name}`, pids);
  await runCommand(['ip', 'netns', 'del', name]);
}

async function hasNamespace(name: string): Promise<boolean> {
  const { stdout } = await tryCommand(['ip', 'netns', 'list']);
  return stdout.split('\n').some((line) => line.split(' ')[0] === name);
}

/**
 * The process and those of its session, which it began as its leader. While a session has members
 * its number is not given to another process, so a number that came again means: all gone.
 */
function sessionPids({ pid, startTime, bootId: boot }: ProcessIdentity): readonly number[] {
  if (boot !== bootId()) return [];
  const leader = readProcess(pid);
  if (leader !== undefined && leader.startTime !== startTime) return [];
  return readProcesses()
    .filter((stat) => stat.session === pid)
    .map((stat) => stat.pid);
}

function markedPids(folder: string): readonly number[] {
  const mark = `${markVariable}=${folder}`;
  return readProcesses()
    .map(({ pid }) => pid)
    .filter((pid) => pid !== process.pid && readEnvironment(pid).includes(mark));
}

/** Kills until a look finds nobody: a process may start another while it is being found. */
async function killAll(
  what: string,
  look: () => Promise<readonly number[]> | readonly number[],
): Promise<void> {
  await waitUntil(`end of ${what}`, killTimeoutMs, async () => {
    const pids = (await look()).filter((pid) => !isDefunct(pid));
    for (const pid of pids) killQuietly(pid);
    return pids.length === 0 ? true : undefined;
  });
}

/** Where nobody reaps, what we killed stays in the list; it runs no more. */
function isDefunct(pid: number): boolean {
  const state = readProcess(pid)?.state;
  return state === undefined || state === 'Z' || state === 'X';
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the look and the signal.
  }
}

/** Unmounts `path` and what is mounted below it, the deepest first. */
export async function unmountBelow(path: string): Promise<void> {
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point === path || point.startsWith(`${path}/`));
  for (const point of mounted.toReversed()) {
    const { code, stderr } = await tryCommand(['umount', point]);
    if (code !== 0) throw new LabFailure(`umount ${point}: ${stderr.trim()}`);
  }
}
