import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { nftablesProvider } from '../../../src/adapters/providers/nftables/provider.ts';
import { hold, large, SECRET } from '../../conformance/hold-provider.ts';
import { byHand, inOwnNetwork, StuckProgram } from './own-network.ts';

/** Tables that only one of the forms has. */
const MORE = {
  one: `table ip shop-nat {
  chain post { type nat hook postrouting priority 100; oifname "ge1" masquerade; }; }`,
  two: 'table ip shop-new { chain x { counter; }; }',
  foreign: '',
};

/** The packet filter of a small shop. */
function rulesOf(form: 'one' | 'two' | 'foreign'): string {
  const banned = form === 'one' ? 'elements = { 198.51.100.7 timeout 1h, 198.51.100.8 }' : '';
  const port = { one: '{ 80, 443 }', two: '80', foreign: '8080' }[form];
  return `
table inet edge {
  set blocked { type ipv4_addr; flags timeout; ${banned} }
  set seen { type ipv4_addr; flags dynamic,timeout; timeout 1m; size 65535; }
  map jumps { type inet_service : verdict; elements = { 22 : jump admin } }
  counter shop { }
  chain admin { ip saddr 10.0.0.0/8 accept; counter comment "key ${SECRET} of ${form}"; }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    ip saddr @blocked log prefix "edge " group 5 drop
    tcp dport ${port} counter name shop accept comment "shop"
    tcp dport 22 add @seen { ip saddr } tcp dport vmap @jumps
  }
}
${MORE[form]}
`;
}

/** The foreign table stands for fail2ban's or a container's. */
const CLEAR = `for t in "inet edge" "ip shop-nat" "ip shop-new"; do
  nft add table $t; nft delete table $t; done
nft add table ip foreign; nft add chain ip foreign kept`;

async function shape(root: string, form: 'one' | 'two' | 'foreign'): Promise<void> {
  const file = join(root, 'rules');
  await fs.writeFile(file, rulesOf(form));
  byHand(`${CLEAR}\nnft -f ${file}\nnft add element inet edge seen '{ 203.0.113.9 }'`);
}

const meddle = async (): Promise<void> => byHand('nft add rule inet edge forward tcp dport 9 drop');

inOwnNetwork('nftables', [['nft', 'nftables']], () => {
  const nft = new StuckProgram('nft');
  after(() => nft.remove());
  const tables = ['inet edge', 'ip shop-*'];
  const stuckOf = (root: string, spec: unknown) =>
    ({ spec, method: 'observe', hang: () => nft.hang(root) }) as const;

  hold('nftables', {
    provider: nftablesProvider,
    secret: SECRET,
    stride: 5,
    isNetwork: true,
    needsDisk: false,
    spec: () => ({ tables, persistent: [], secret: true }),
    stuck: (root) => stuckOf(root, { tables, persistent: [] }),
    meddle,
    shape,
    end: () => nft.answer(),
  });

  hold('nftables with its file', {
    provider: nftablesProvider,
    secret: SECRET,
    stride: 5,
    isNetwork: true,
    spec: (root) => ({ tables, persistent: [join(root, 'etc')], secret: true }),
    stuck: (root) => stuckOf(root, { tables, persistent: [join(root, 'etc')] }),
    meddle,
    async shape(root, form) {
      const etc = join(root, 'etc');
      await fs.mkdir(etc, { recursive: true });
      await fs.writeFile(join(etc, 'nftables.conf'), rulesOf(form));
      if (form === 'one') await fs.writeFile(join(etc, 'notes'), large);
      else await fs.rm(join(etc, 'notes'), { force: true });
      await shape(root, form);
    },
    end: () => nft.answer(),
  });
});
