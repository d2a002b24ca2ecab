import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { routesProvider } from '../../../src/adapters/providers/routes/provider.ts';
import { hold, large, SECRET } from '../../conformance/hold-provider.ts';
import { byHand, inOwnNetwork, StuckProgram } from './own-network.ts';

/** Two links that lead to each other; what they lead to differs between the forms. */
const LINKS = `ip link set lo up
ip link del ge1 2>/dev/null || true
ip route flush proto static 2>/dev/null || true
ip route flush proto boot 2>/dev/null || true
for at in 100 101; do while ip rule del pref $at 2>/dev/null; do :; done; done
while ip -6 rule del pref 100 2>/dev/null; do :; done
ip link add ge1 type veth peer name ge2
ip link set ge2 up`;

const FORMS = {
  one: `ip link set ge1 up mtu 1500
ip address add 10.0.0.1/24 brd + dev ge1
ip address add 10.0.0.2/24 dev ge1
ip address add 10.9.0.1 peer 10.9.0.2/32 dev ge1
ip address add 2001:db8::1/64 dev ge1 nodad
ip route add default proto static nexthop via 10.0.0.7 weight 2 nexthop via 10.0.0.8
ip route add 192.0.2.0/24 via 10.0.0.7 proto static metric 5 mtu 1400
ip route append 192.0.2.0/24 via 10.0.0.9 proto static metric 5
ip route add 10.5.0.0/16 dev ge1 scope link
ip route add 10.6.0.0/16 via 10.5.5.5
ip route add 203.0.113.0/24 via 10.5.5.5 dev ge1 onlink table 100 tos 0x10
ip -6 route add 2001:db8:1::/48 via 2001:db8::7
ip -6 route add 2001:db8:2::/48 proto static nexthop via 2001:db8::7 nexthop via 2001:db8::8
ip rule add from 10.7.0.0/16 fwmark 0x1/0xf lookup 100 pref 100
ip -6 rule add from 2001:db8::/32 lookup 100 suppress_prefixlength 0 pref 100`,
  // The network's first address goes, and with it its second and every route.
  two: `ip link set ge1 up mtu 1400
ip address add 10.0.0.9/24 dev ge1
ip route add default via 10.0.0.99 proto static
ip route add blackhole 192.0.2.0/24
ip rule add to 10.7.0.0/16 iif ge1 blackhole pref 101
ip rule add from 10.7.0.0/16 lookup main pref 100`,
  foreign: `ip link set ge1 up mtu 1400
ip address add 10.0.0.9/24 dev ge1
ip route add 198.51.100.0/24 via 10.0.0.99`,
};

/** A routing daemon's and the kernel's own: neither form has them, and no apply may take them. */
const OTHERS = 'ip route add 198.51.100.99 dev ge1 proto bgp metric 20';

inOwnNetwork('routes', [], () => {
  const ip = new StuckProgram('ip');
  after(() => ip.remove());
  const specOf = (root: string): object => ({
    links: ['ge1'],
    persistent: [join(root, 'etc')],
    secrets: ['*.netdev'],
  });

  hold('routes', {
    provider: routesProvider,
    secret: SECRET,
    stride: 9,
    isNetwork: true,
    spec: specOf,
    stuck: (root) => ({ spec: specOf(root), method: 'observe', hang: () => ip.hang(root) }),
    meddle: async () => byHand('ip route replace 203.0.113.77/32 dev ge1'),
    async shape(root, form) {
      const etc = join(root, 'etc');
      await fs.rm(etc, { recursive: true, force: true });
      await fs.mkdir(etc);
      await fs.writeFile(join(etc, 'ge1.network'), `# ${form}\n`);
      await fs.writeFile(join(etc, 'wg0.netdev'), `PrivateKey=${SECRET} of ${form}`);
      if (form === 'one') await fs.writeFile(join(etc, 'notes'), large);
      byHand(`${LINKS}\n${FORMS[form]}\n${OTHERS}`);
    },
    end: () => ip.answer(),
  });
});
