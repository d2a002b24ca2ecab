import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unwrap } from '../../src/base/result.ts';
import { hostClock } from '../../src/daemon/host-clock.ts';
import { isBlobHash, loadImage } from '../../src/model/checkpoint/image-blob.ts';
import { takeCheckpoint } from '../../src/recovery/checkpoint/take-checkpoint.ts';
import { startHost } from '../conformance/provider-host.ts';

/**
 * One stage of row 15 as a process of its own, so that it is timed as restic and borg are:
 * `take DATA TREE` takes a checkpoint, `restore DATA TREE` brings the tree back to the newest one,
 * `start DATA TREE` does neither, so that the others start from what Node keeps of compiling.
 * Prints what the work itself took, without the start of the process: the daemon is running.
 */
async function main(stage: string, data: string, tree: string): Promise<void> {
  const host = await startHost(data);
  const state = {
    id: 'bench/files',
    component: 'bench',
    provider: 'files',
    spec: { paths: [tree] },
  };
  const newest = join(data, 'newest');
  const began = spent();
  if (stage === 'take') {
    const manifest = unwrap(
      await takeCheckpoint(
        [state],
        { kind: 'manual', actor: 'bench' },
        {
          client: host.client,
          clock: hostClock(),
          random: (length) => randomBytes(length),
          versionOf: () => 1,
          scopeOf: () => ({}),
          components: [],
          flush: () => host.vault.flush(),
          sample: () => Promise.resolve([]),
          watermarks: () => Promise.resolve([]),
        },
      ),
    );
    const [capture] = manifest.captures;
    if (capture === undefined || capture.unstable) throw new Error('the tree was not captured');
    await fs.writeFile(newest, capture.image);
  } else if (stage === 'restore') {
    const image: unknown = await fs.readFile(newest, 'utf8');
    if (!isBlobHash(image)) throw new Error(`${newest} names no image`);
    const items = unwrap(await loadImage(image, (hash) => host.vault.get(hash))).items;
    const paths = items.map(({ path }) => path);
    const expects = unwrap(await host.client.observe(state)).fingerprint;
    const order = { desired: image, paths, expects, runToken: Date.now() };
    const applied = unwrap(await host.client.apply(state, order));
    if (applied.kind !== 'done') throw new Error(`restore: ${applied.why}`);
  }
  const ended = spent();
  const took = { wallS: ended.wallS - began.wallS, cpuS: ended.cpuS - began.cpuS };
  process.stdout.write(`${JSON.stringify(took)}\n`);
  await host.stop();
}

/** Seconds so far: of the clock, and of the processors for us and the commands we ran. */
function spent(): { readonly wallS: number; readonly cpuS: number } {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  // Fields 16 and 17 of proc(5), in ticks of 10 ms, counted here from the third.
  const children = (Number(fields[13]) + Number(fields[14])) / 100;
  return { wallS: performance.now() / 1000, cpuS: (user + system) / 1e6 + children };
}

const [stage = '', data = '', tree = ''] = process.argv.slice(2);
await main(stage, data, tree);
