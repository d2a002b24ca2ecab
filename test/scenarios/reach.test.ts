import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { freePorts } from '../place/free-ports.ts';
import { makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

/** A firewall whose rules are a file, beside an application. */
const edge = ({ path }: Place, reach: string): string => `sources: []
components:
  - { name: edge, kind: firewall, ${reach}
      state: [ { provider: files, paths: ["${path('edge')}"] } ] }
  - { name: shop, state: [ { provider: files, paths: ["${path('shop')}"] } ] }
checkpoints: { schedule: false }
rollback: { confirmTimeout: 10m, gate: { samples: 1, interval: 200ms } }
`;

/** Goes back with one component, as far as the confirm. */
async function applied(place: Place, checkpoint: string, component: string) {
  const wish = { checkpoint, components: [component], reason: 'test' };
  const { body: plan } = await place.api('plans', wish);
  const order = { planHash: textAt(plan, 'planHash') };
  const { body: run } = await place.api(`plans/${textAt(plan, 'id')}/apply`, order);
  const words = ['rollback', 'confirm', textAt(run, 'run'), '--token', textAt(run, 'token')];
  const reach = (state: string): Promise<true> =>
    until(`the run is ${state}`, async () => {
      // The daemon closes older connections on purpose once a run has applied.
      const seen = await place.api(`runs/${textAt(run, 'run')}`).catch(() => undefined);
      return at(seen?.body, 'state') === state ? true : undefined;
    });
  await reach('AWAITING_CONFIRM');
  const confirm = () => place.run([...words, '--json']);
  return { plan, confirm, reach, run: textAt(run, 'run') };
}

/** A place in which both were changed since its one checkpoint. */
async function edgePlace(t: Parameters<typeof makePlace>[0], reach: string) {
  const place = await makePlace(t, { config: (made) => edge(made, reach) });
  await place.write('edge/rules', 'allow\n');
  await place.write('shop/conf', 'good\n');
  await place.up();
  const taken = await place.api('checkpoints', {});
  await place.write('edge/rules', 'deny\n');
  await place.write('shop/conf', 'bad\n');
  return { place, checkpoint: textAt(taken.body, 'id') };
}

test('a firewall without a probe is not confirmed over loopback, an application is', async (t) => {
  const { place, checkpoint } = await edgePlace(t, '');
  const { plan, confirm, reach, run } = await applied(place, checkpoint, 'edge');
  assert.match(String(listAt(plan, 'risks')), /edge carries traffic and names no `reach` probe/);
  const refused = await confirm();
  assert.equal(refused.code, 4);
  assert.match(refused.err, /LG_ROLLBACK_REACH_UNPROVED.*edge.*another machine/s);
  await place.api(`runs/${run}/cancel`, {});
  await reach('REVERTED');
  const shop = await applied(place, checkpoint, 'shop');
  assert.equal(at(shop.plan, 'reach'), undefined);
  assert.equal((await shop.confirm()).code, 0);
});

test('a firewall with a probe is confirmed once the probe answers', async (t) => {
  const [port = 0] = await freePorts(1);
  const { place, checkpoint } = await edgePlace(t, `reach: [ { tcp: "127.0.0.1:${port}" } ],`);
  const { confirm, reach } = await applied(place, checkpoint, 'edge');
  const refused = await confirm();
  assert.equal(refused.code, 4);
  assert.match(refused.err, new RegExp(`LG_ROLLBACK_UNREACHABLE.*connect 127.0.0.1:${port}`));
  const seen: string[] = [];
  const target = createServer((socket) => {
    seen.push('connection');
    socket.end();
  }).listen(port, '127.0.0.1');
  t.after(() => target.close());
  await once(target, 'listening');
  await reach('AWAITING_CONFIRM');
  const kept = await confirm();
  assert.equal(kept.code, 0, kept.err);
  assert.equal(at(kept.json.at(-1), 'state'), 'COMMITTED');
  assert.equal(seen.length, 1);
});
