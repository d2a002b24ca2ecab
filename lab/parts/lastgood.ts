import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { inDc } from './data-center.ts';
import { configFile, dataFolder, executable, ingestTokenFile } from './lastgood-place.ts';

/** Three seconds on an idle machine; here a whole stage comes up beside it. */
const startTimeoutMs = 60_000;

/** The product itself, watching the stage. */
export const lastgood: Part = {
  name: 'lastgood',
  summary: 'the lastgood daemon in the data center, watching all of this',
  needs: ['namespaces', 'runners', 'netconf'],
  // What its first checkpoint captures must be there; the customers may come a moment later.
  after: ['services', 'haproxy', 'nginx', 'postgres', 'redis', 'firewall', 'routers'],
  programs: [],
  start: async (stage) => {
    const { folder } = stage;
    const place = ['--config', configFile(folder), '--data', dataFolder(folder)];
    await stage.launch({
      ...inDc,
      name: 'daemon',
      command: [process.execPath, executable, 'up', ...place],
    });
    const log = join(stage.partFolder(), 'daemon.log');
    await waitUntil('lastgood says ready', startTimeoutMs, () =>
      /^ready /m.test(readFileSync(log, 'utf8')) ? true : undefined,
    );
    const made = await stage.run(lastgoodCommand(stage, 'token', 'create', '--role', 'ingest'));
    writeFileSync(ingestTokenFile(folder), `${tokenOf(made)}\n`, { mode: 0o600 });
    writeCommand(stage);
  },
  check: async (stage) => `${await status(stage)}; ask it with ${commandFile(stage)} status`,
};

/** A command of lastgood against the daemon of the stage, its answer as JSON. */
export function lastgoodCommand(stage: Stage, ...words: readonly string[]): Command {
  const place = ['--config', configFile(stage.folder), '--data', dataFolder(stage.folder)];
  const netns = ['netns', 'exec', stage.namespace('dc')];
  return ['ip', ...netns, process.execPath, executable, ...place, '--json', ...words];
}

async function status(stage: Stage): Promise<string> {
  // It exits with 1 while something is wrong on the stage, which is what it is there to say.
  const { stdout, stderr } = await stage.attempt(lastgoodCommand(stage, 'status'));
  if (stdout === '') throw new LabFailure(`lastgood status says nothing: ${stderr.trim()}`);
  const said: unknown = JSON.parse(stdout);
  if (typeof said !== 'object' || said === null || !('health' in said)) {
    throw new LabFailure(`status says ${JSON.stringify(said).slice(0, 200)}`);
  }
  return `health ${String(said.health)}`;
}

function tokenOf(text: string): string {
  const said: unknown = JSON.parse(text);
  const hasToken = typeof said === 'object' && said !== null && 'token' in said;
  if (hasToken && typeof said.token === 'string') return said.token;
  throw new LabFailure('lastgood token create printed no token');
}

const commandFile = ({ folder }: Stage): string => join(folder, 'lastgood', 'ask');

/** For people: the command line with everything filled in, from outside the namespace. */
function writeCommand(stage: Stage): void {
  const words = [process.execPath, executable].map((word) => `'${word}'`).join(' ');
  const place = `--config '${configFile(stage.folder)}' --data '${dataFolder(stage.folder)}'`;
  const text = `#!/bin/sh
# lastgood against the daemon of this stage: the data center is a network of its own.
exec ip netns exec ${stage.namespace('dc')} ${words} ${place} "$@"
`;
  writeFileSync(commandFile(stage), text);
  chmodSync(commandFile(stage), 0o755);
}
