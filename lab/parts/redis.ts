import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { inDc } from './data-center.ts';

const startTimeoutMs = 10_000;

/** The shop's carts and its cache. */
export const redis: Part = {
  name: 'redis',
  summary: 'Redis in the data center, nothing kept on disk',
  needs: ['namespaces'],
  programs: [
    { command: 'redis-server', debianPackage: 'redis-server' },
    { command: 'redis-cli', debianPackage: 'redis-tools' },
  ],
  start: async (stage) => {
    const folder = stage.partFolder();
    const configFile = join(stage.partFolder('etc'), 'redis.conf');
    writeConfig(configFile, 'redis.conf', { folder });
    await stage.launch({ ...inDc, name: 'redis', command: ['redis-server', configFile] });
    await waitUntil('Redis answers', startTimeoutMs, async () => {
      const said = await stage.run(['redis-cli', 'PING'], inDc);
      return said.trim() === 'PONG' ? true : undefined;
    });
  },
  check: async (stage) => {
    await stage.run(['redis-cli', 'SET', 'lab:check', 'seen', 'EX', '5'], inDc);
    const seen = await stage.run(['redis-cli', 'GET', 'lab:check'], inDc);
    if (seen.trim() !== 'seen') throw new LabFailure(`Redis returned ${JSON.stringify(seen)}`);
    return 'keeps and returns a key';
  },
};
