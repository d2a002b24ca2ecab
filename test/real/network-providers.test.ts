import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { byHand, inOwnNetwork } from './providers/own-network.ts';
import { realDaemon } from '../place/real-daemon.ts';
import { rollBack, takeCheckpoint } from '../place/roll-back.ts';
import { until } from '../place/until.ts';

/** The shop answers behind a router that is this host's neighbor. */
const SHOP = `require('node:http').createServer((_, answer) => answer.end('well')).listen(8080)`;

/** What lets the shop through, as it is loaded when the host starts. */
function filterOf(verdict: 'accept' | 'drop'): string {
  return `table inet edge {
  set seen { type ipv4_addr; flags dynamic,timeout; timeout 1h; size 100; }
  chain output {
    type filter hook output priority filter; policy accept;
    tcp dport 8080 update @seen { ip daddr }
    tcp dport 8080 counter ${verdict} comment "shop"
  }
}
`;
}

/** In a network of its own every port is free. */
function configText(filter: string, settings: string): string {
  return `version: 1
listen: { ui: "127.0.0.1:7433", otlpHttp: "127.0.0.1:4318", otlpGrpc: false,
  syslogUdp: false, syslogTcp: false }
sources: []
components:
  - name: edge
    kind: server
    state:
      - { provider: nftables, tables: ["inet edge"], persistent: [${JSON.stringify(filter)}] }
      - { provider: routes, links: [ge1], persistent: [] }
      - { provider: sysctl, keys: [net.ipv4.ip_forward, net.ipv4.conf.ge1.*],
          persistent: [${JSON.stringify(settings)}] }
    health: [ { http: "http://10.20.0.1:8080/", expect: 200, timeout: 1s } ]
    reach: [ { tcp: "10.20.0.1:8080" } ]
checkpoints: { schedule: false }
rollback: { confirmTimeout: 60s, onSilence: revert, gate: { samples: 2, interval: 300ms } }
`;
}

inOwnNetwork('rollback of a network', [['nft', 'nftables']], () => {
  it('heals filter, flapped link and setting in one run, and touches no other', async () => {
    await using daemon = await realDaemon();
    const shop = spawn('unshare', ['-n', process.execPath, '-e', SHOP], { stdio: 'ignore' });
    const [filter, settings] = ['nftables.conf', 'sysctl.conf'].map((name) =>
      join(daemon.folder, name),
    );
    assert.ok(filter !== undefined && settings !== undefined);
    try {
      await once(shop, 'spawn');
      await until('the shop has a network of its own', async () =>
        (await fs.readlink(`/proc/${shop.pid}/ns/net`)) === (await fs.readlink('/proc/self/ns/net'))
          ? undefined
          : true,
      );
      byHand(`ip link set lo up
ip link add ge1 type veth peer name ge2 netns ${shop.pid}
ip link set ge1 up
ip address add 10.0.0.1/24 dev ge1
nsenter -t ${shop.pid} -n sh -ec 'ip link set lo up; ip link set ge2 up
  ip address add 10.0.0.2/24 dev ge2; ip address add 10.20.0.1/32 dev lo'
ip route add 10.20.0.0/24 via 10.0.0.2 proto static
ip route add 10.30.0.0/24 dev ge1 proto bgp
nft add table ip fail2ban
sysctl -qw net.ipv4.ip_forward=1`);
      await fs.writeFile(filter, filterOf('accept'));
      await fs.writeFile(settings, 'net.ipv4.ip_forward = 1\n');
      byHand(`nft -f ${filter}`);
      await until('the shop answers', answers);
      await daemon.start(configText(filter, settings));
      const checkpoint = await takeCheckpoint(daemon);
      const good = networkText();

      await fs.writeFile(settings, 'net.ipv4.ip_forward = 0\n');
      await fs.writeFile(filter, filterOf('drop'));
      byHand(`nft delete table inet edge; nft -f ${filter}; nft add table ip other
nft add element inet edge seen '{ 192.0.2.77 }'
sysctl -qw net.ipv4.ip_forward=0
ip link set ge1 down; ip link set ge1 up
ip route replace 10.30.0.0/24 dev ge1 proto bgp`);
      assert.equal(await answers(), undefined);

      const { shown } = await rollBack(daemon, checkpoint);
      assert.match(shown, /via 10\.0\.0\.2 dev ge1/);
      assert.match(shown, /net\.ipv4\.ip_forward/);

      await until('the shop answers again', answers);
      assert.equal(withoutOther(networkText()), good);
      assert.equal(await fs.readFile(settings, 'utf8'), 'net.ipv4.ip_forward = 1\n');
      // Who was seen is still known: the set fills by itself and no rollback empties it.
      assert.match(nft('list', 'set', 'inet', 'edge', 'seen'), /192\.0\.2\.77 expires/);
      // A start of the host would give the same again.
      byHand(`nft delete table inet edge; nft -f ${filter}; sysctl -qp ${settings}`);
      assert.equal(withoutOther(networkText()), good);

      byHand('nft add rule inet edge output tcp dport 9 drop; sysctl -qw net.ipv4.ip_forward=0');
      const doctor = JSON.stringify((await daemon.run(['doctor'])).printed);
      assert.match(doctor, /drift: \S+nftables\.conf makes another table inet edge than runs/);
      assert.match(doctor, /drift: net\.ipv4\.ip_forward is 0, and \S+sysctl\.conf sets it to 1/);
    } finally {
      shop.kill('SIGKILL');
    }
  });
});

/** Everything of this network but what counts and who was seen. */
function networkText(): string {
  const routes = execFileSync('ip', ['-o', 'route', 'show', 'table', 'all']).toString();
  const forward = execFileSync('sysctl', ['net.ipv4.ip_forward']).toString();
  const rules = nft('-s', 'list', 'ruleset').replaceAll(/^\t\telements = .*\n/gm, '');
  return [rules, nft('list', 'tables'), routes.split('\n').toSorted().join('\n'), forward].join('');
}

/** Without the table that somebody else made meanwhile, which must be there. */
function withoutOther(text: string): string {
  assert.ok(text.includes('table ip other {\n}\n'));
  return text.replace('table ip other {\n}\n', '').replace('table ip other\n', '');
}

function nft(...words: readonly string[]): string {
  return execFileSync('nft', words).toString();
}

async function answers(): Promise<true | undefined> {
  try {
    const answer = await fetch('http://10.20.0.1:8080/', { signal: AbortSignal.timeout(1_000) });
    await answer.text();
    return answer.status === 200 ? true : undefined;
  } catch {
    return undefined;
  }
}
