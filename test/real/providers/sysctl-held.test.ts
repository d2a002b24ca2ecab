import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { sysctlProvider } from '../../../src/adapters/providers/sysctl/provider.ts';
import { hold, large, SECRET, treeOf } from '../../conformance/hold-provider.ts';
import { byHand, inOwnNetwork } from './own-network.ts';

/** Forwarding last: the kernel resets settings of every link with it. */
const KEYS = ['net.ipv4.conf.lo.*', 'net.ipv4.tcp_rmem', 'net.ipv4.ip_forward'];

const SHAPES = {
  one: { forward: 1, filter: 1, redirects: 1, memory: '4096 131072 6291456' },
  two: { forward: 0, filter: 2, redirects: 0, memory: '4096 65536 4194304' },
  foreign: { forward: 0, filter: 0, redirects: 0, memory: '8192 65536 4194304' },
} as const;

inOwnNetwork('sysctl', [], () => {
  hold('sysctl', {
    provider: sysctlProvider,
    secret: SECRET,
    stride: 5,
    isNetwork: true,
    spec: (root) => ({ keys: KEYS, persistent: [join(root, 'etc')], secrets: ['*.local'] }),
    meddle: async () => byHand('sysctl -qw net.ipv4.conf.lo.rp_filter=0'),
    async reading(root) {
      const values = ['ip_forward', 'tcp_rmem', 'conf/lo/rp_filter', 'conf/lo/accept_redirects'];
      const read = values.map((name) => readFileSync(`/proc/sys/net/ipv4/${name}`, 'utf8'));
      return [...read, await treeOf(root, 'etc')].join('');
    },
    async shape(root, form) {
      const { forward, filter, redirects, memory } = SHAPES[form];
      const etc = join(root, 'etc');
      await fs.rm(etc, { recursive: true, force: true });
      await fs.mkdir(etc);
      await fs.writeFile(join(etc, '10-shop.conf'), `net.ipv4.ip_forward = ${forward}\n`);
      await fs.writeFile(join(etc, 'key.local'), `${SECRET} of ${form}`);
      if (form === 'one') await fs.writeFile(join(etc, 'notes'), large);
      byHand(`sysctl -qw net.ipv4.ip_forward=${forward}
sysctl -qw net.ipv4.conf.lo.rp_filter=${filter}
sysctl -qw net.ipv4.conf.lo.accept_redirects=${redirects}
sysctl -qw 'net.ipv4.tcp_rmem=${memory}'`);
    },
  });
});
