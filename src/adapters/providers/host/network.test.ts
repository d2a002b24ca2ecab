import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { stateImage } from '../../../model/checkpoint/capture.ts';
import { mountItems, mountTable } from './mounts.ts';
import { ipAnswer, linkItems, routeItems, ruleItems } from './network.ts';

/** As `ip -j` printed it. */
function captured(name: string): string {
  return readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8');
}

const ROUTES = captured('ip-route.json');
const ADDRESSES = captured('ip-address.json');

test('routes are told by table and target; what follows from an address is not', () => {
  const items = routeItems('v4', ipAnswer(ROUTES) ?? []);
  assert.deepEqual(items.map(({ path }) => path).toSorted(), [
    'routes/v4/100/203.0.113.0/24',
    'routes/v4/main/198.51.100.0/24 metric 20',
    'routes/v4/main/default',
  ]);
  const many = items.find(({ path }) => path.includes('198.51'));
  assert.equal(
    many?.attributes['hops'],
    'via 192.0.2.7 dev eth0 weight 1, via 192.0.2.8 dev eth0 weight 1',
  );
});

test('the order in which the kernel tells routes is no difference', () => {
  const list = ipAnswer(ROUTES) ?? [];
  const straight = stateImage(routeItems('v4', list));
  assert.deepEqual(stateImage(routeItems('v4', list.toReversed())), straight);
});

test('links and addresses come without lifetimes, temporary addresses and containers', () => {
  const items = linkItems(ipAnswer(ADDRESSES) ?? []);
  assert.deepEqual(
    items.map(({ path }) => path),
    ['links/eth0', 'links/eth0/192.0.2.2/24'],
  );
  assert.equal(JSON.stringify(items).includes('life'), false);
});

test('whatever ip prints, nothing throws and no two items share a path', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const list = ipAnswer(text) ?? [];
      stateImage([...routeItems('v6', list), ...ruleItems('v6', list)]);
      stateImage(linkItems(list));
    }),
  );
  assert.equal(ipAnswer('Object "x" is unknown'), undefined);
});

test('mounts are told without passwords and without those of containers', () => {
  const items = mountItems(
    `25 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
40 25 0:38 / /mnt/my\\040share rw - cifs //nas/x rw,username=bo,password=hunter2
41 25 0:39 / /var/lib/docker/overlay2/abc/merged rw - overlay overlay rw
`,
  );
  assert.deepEqual(
    items.map(({ path }) => path),
    ['mounts//', 'mounts//mnt/my share'],
  );
  assert.equal(JSON.stringify(items).includes('hunter2'), false);
});

test('a runner that systemd confines tells the mounts of the host, not its own', () => {
  const tables = new Map([
    ['/proc/1/mountinfo', 'of the host'],
    ['/proc/self/mountinfo', 'of the unit'],
  ]);
  assert.equal(
    mountTable((path) => tables.get(path)),
    'of the host',
  );
  tables.delete('/proc/1/mountinfo');
  assert.equal(
    mountTable((path) => tables.get(path)),
    'of the unit',
  );
});
