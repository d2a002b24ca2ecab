import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { frrProvider } from '../../../src/adapters/providers/frr/provider.ts';
import { FrrPlace, frrLacks } from '../../place/frr-place.ts';
import { hold, large, SECRET, stuckIn } from '../../conformance/hold-provider.ts';

const lacks = frrLacks();

if (lacks !== undefined) {
  test('provider frr', (t) => t.skip(`SKIPPED: ${lacks}`));
} else {
  hold('frr', {
    provider: frrProvider,
    stride: 16,
    secret: SECRET,
    spec: specOf,
    stuck: (root) => ({
      spec: { ...specOf(root), binaries: join(root, 'stuck') },
      method: 'observe',
    }),
    meddle: async (root) => new FrrPlace(root).tell(['ip route 10.7.0.0/24 blackhole']),
    async shape(root, form) {
      const place = new FrrPlace(root);
      await place.start();
      await writeStuck(root);
      const etc = join(root, 'etc');
      await fs.writeFile(join(etc, 'frr.conf'), linesOf(form).join('\n'));
      await fs.writeFile(join(etc, 'peer.key'), `${SECRET} of ${form}`);
      if (form === 'one') await fs.writeFile(join(etc, 'large'), large);
      else await fs.rm(join(etc, 'large'), { force: true });
      place.tell([...CLEAN, ...linesOf(form)]);
    },
    end: (root) => new FrrPlace(root).end(),
  });
}

/** Undoes every form there is, and what a colleague does. */
const CLEAN = [
  'no ip route 10.7.0.0/24 blackhole',
  'no ip route 10.8.0.0/24 blackhole',
  'no ip route 10.8.0.0/24 10.9.0.2',
  'no router bgp 65001',
];

function linesOf(form: string): readonly string[] {
  const route = form === 'one' ? 'ip route 10.8.0.0/24 10.9.0.2' : 'ip route 10.8.0.0/24 blackhole';
  const peer = form === 'one' ? ['neighbor 10.9.0.2 remote-as 65002'] : [];
  const cost = form === 'foreign' ? ['bgp default local-preference 300'] : [];
  const password = peer.map(() => `neighbor 10.9.0.2 password ${SECRET}`);
  const bgp = ['bgp router-id 1.1.1.1', ...cost, ...peer, ...password].map((line) => ` ${line}`);
  return [route, 'router bgp 65001', ...bgp, 'exit'];
}

function specOf(root: string): object {
  return { pathspace: new FrrPlace(root).name, persistent: [join(root, 'etc')] };
}

/** A `vtysh` that never answers. */
async function writeStuck(root: string): Promise<void> {
  await fs.mkdir(join(root, 'stuck'), { recursive: true });
  const [, , line = ''] = stuckIn(root);
  await fs.writeFile(join(root, 'stuck', 'vtysh'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}
