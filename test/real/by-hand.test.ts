import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from 'node:test';
import { frrLacks } from '../place/frr-place.ts';
import { freePorts } from '../place/free-ports.ts';
import { realDaemon } from '../place/real-daemon.ts';
import { takeCheckpoint } from '../place/roll-back.ts';
import { until } from '../place/until.ts';
import { Shop } from './by-hand/shop.ts';
import { inOwnNetwork } from './providers/own-network.ts';

const PROGRAM = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const NEEDED = [
  ['nft', 'nftables'],
  ['nginx', 'nginx-light'],
  ['haproxy', 'haproxy'],
  ['socat', 'socat'],
] as const;

/** The commands of RESTORE.md, as somebody pastes them. */
function commandsIn(text: string): string {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('');
}

inOwnNetwork('restored by hand', NEEDED, () => {
  const lacks = frrLacks();
  it(
    'an export alone brings files, programs and the network of a host back, lastgood being gone',
    {
      skip: lacks !== undefined && `SKIPPED: ${lacks}`,
    },
    async () => {
      await using daemon = await realDaemon();
      const [ui = 0, otlp = 0, web = 0, front = 0] = await freePorts(4);
      const shop = new Shop(join(daemon.folder, 'shop'), web, front);
      try {
        await shop.make();
        await daemon.start(shop.yaml(ui, otlp));
        const checkpoint = await takeCheckpoint(daemon);
        const good = shop.look();
        const folder = join(daemon.folder, 'out');
        const exported = await daemon.run(['checkpoint', 'export', checkpoint, folder]);
        assert.equal(exported.code, 0, exported.complaint);
        await daemon.end();
        await fs.rm(join(daemon.folder, 'data'), { recursive: true });
        await shop.spoil();
        assert.notEqual(shop.look(), good);

        const commands = commandsIn(await fs.readFile(join(folder, 'RESTORE.md'), 'utf8'));
        // Where the program lies there is nothing but emptiness for whoever restores.
        const hide = `mount -t tmpfs none ${PROGRAM} && ! ls ${PROGRAM}/bin 2> /dev/null`;
        const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
        const words = ['--mount', 'sh', '-ec', `cd ${folder} && ${hide}\n${commands}`];
        const rules = spawn('ip', ['monitor', 'rule']);
        let told = '';
        rules.stdout.setEncoding('utf8').on('data', (text: string) => {
          told += text;
        });
        const restored = spawnSync('unshare', words, { env, encoding: 'utf8' });
        assert.equal(restored.status, 0, `${restored.stderr}\n${commands}`);
        await until('the rule that came is told', async () => told.includes('77:') || undefined);
        rules.kill();
        assert.doesNotMatch(told, /^Deleted /m, 'no rule went, not even to come back');
        await until('everything is as it was', async () =>
          shop.look() === good ? true : undefined,
        ).catch(() => assert.equal(shop.look(), good));
      } finally {
        await shop.end();
      }
    },
  );
});
