import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { stateImage, type StateImage } from '../../../model/checkpoint/capture.ts';
import { serviceChanges, servicePlan } from './service-changes.ts';
import { ENABLED, RUNNING, wordItem } from './service-image.ts';
import { serviceSpec } from './service-spec.ts';
import { ownUnitFiles, readUnitFacts } from './systemd-unit.ts';

const spec = serviceSpec.parse({ unit: 'shop.service' });
const state = { id: 'shop/service', component: 'shop', provider: 'service', spec };

/** What `systemctl show` of systemd 252 printed about a real unit. */
function facts(name: string) {
  return readUnitFacts(readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8'), spec);
}

function image(running: 'running' | 'stopped', enabled: string): StateImage {
  return stateImage([wordItem(RUNNING, running), wordItem(ENABLED, enabled)]);
}

test('a running unit is told with its settings files, and its secrets are known as such', () => {
  const shop = facts('running.txt');
  assert.equal(shop?.running, 'running');
  assert.equal(shop?.enabled, 'enabled');
  assert.equal(shop?.holdsSecrets, true);
  assert.deepEqual(shop?.packaged, ['/lib/systemd/system/shop.service']);
  assert.deepEqual(shop?.environmentFiles, ['/etc/default/shop', '/dev/null']);
  assert.match(shop?.passing ?? '', /main process 12178 since Sat 2026-11-21/);
});

test('a unit that failed is stopped, as one that was stopped by hand', () => {
  const killed = facts('killed.txt');
  assert.equal(killed?.running, 'stopped');
  assert.equal(killed?.holdsSecrets, false);
  assert.equal(killed?.passing, 'failed (failed), signal');
  assert.equal(facts('not-found.txt')?.enabled, 'not-found');
  const masked = facts('masked.txt');
  assert.deepEqual([masked?.enabled, masked?.isOutdated], ['masked', true]);
});

test('text that systemctl did not print is refused, not misread', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(readUnitFacts(text, spec), undefined);
    }),
  );
});

test('a difference says what became of the service in two words', () => {
  const changes = serviceChanges(state, image('running', 'enabled'), image('stopped', 'disabled'));
  assert.deepEqual(
    changes.map(({ path, before, after }) => `${path}: ${before} → ${after}`),
    ['enabled: enabled → disabled', 'running: running → stopped'],
  );
});

test('a plan names the commands that a person would run', () => {
  const [step] = servicePlan(spec, image('stopped', 'masked'), image('running', 'enabled'));
  assert.deepEqual(step?.commands, [
    'systemctl --no-ask-password --no-pager unmask -- shop.service',
    'systemctl --no-ask-password --no-pager enable -- shop.service',
    'systemctl --no-ask-password --no-pager start -- shop.service',
  ]);
  assert.equal(step?.disruption, 'restart');
});

test('an instance of a template is captured with the template', () => {
  assert.deepEqual(ownUnitFiles(spec, 'shop@a.service'), [
    '/etc/systemd/system/shop@a.service',
    '/etc/systemd/system/shop@a.service.d',
    '/etc/systemd/system/shop@.service',
    '/etc/systemd/system/shop@.service.d',
  ]);
});

test('settings that name a unit and commands, or half of the commands, are refused', () => {
  const words = ['true'];
  for (const wrong of [
    {},
    { unit: 'shop' },
    { unit: 'shop.service', start: words },
    { start: words, stop: words },
  ]) {
    assert.equal(serviceSpec.safeParse(wrong).success, false, JSON.stringify(wrong));
  }
});
