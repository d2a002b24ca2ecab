import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../../base/result.ts';
import type { Datastore } from './datastore.ts';
import { editOperation, editsTo } from './edit-config.ts';
import { BASE_NAMESPACE, type Hello } from './hello.ts';
import { childOf, type XmlElement } from './xml/element.ts';
import { parseXml } from './xml/parse-xml.ts';

function deviceWith(...names: readonly string[]): Hello {
  const capabilities = names.map((name) => `urn:ietf:params:netconf:capability:${name}`);
  return { capabilities: new Set(capabilities), modules: new Map(), isYuma: false };
}

const device = (hostname: string): string =>
  `<device xmlns="urn:lg:device">\n  <hostname>${hostname}</hostname>\n</device>\n`;
const keys = '<keys xmlns="urn:lg:keys">\n  <shared>abc</shared>\n</keys>\n';
const now: Datastore = new Map([
  ['lg-device:device', device('old')],
  ['lg-keys:keys', keys],
]);

function partOf(operation: XmlElement, name: string): XmlElement {
  const part = childOf(operation, name);
  assert.ok(part !== undefined, `no ${name}`);
  return part;
}

test('only what differs is edited: replaced as a whole, or deleted when it is to go', () => {
  const wanted = new Map([
    ['lg-device:device', device('new')],
    ['lg-keys:keys', undefined],
    ['lg-users:users', undefined],
  ]);
  const edits = editsTo(wanted, now);
  assert.deepEqual(edits, [
    { path: 'lg-device:device', text: device('new') },
    { path: 'lg-keys:keys' },
  ]);
  const text = unwrap(editOperation(edits, now, deviceWith(), 'set'));
  assert.ok(
    text.includes(
      `<device xmlns="urn:lg:device" xmlns:nc="${BASE_NAMESPACE}" nc:operation="replace"`,
    ),
  );
  assert.ok(
    text.includes(`<keys xmlns="urn:lg:keys" xmlns:nc="${BASE_NAMESPACE}" nc:operation="delete"/>`),
  );
  const operation = parseXml(text);
  // What no edit names is left alone.
  assert.equal(partOf(operation, 'default-operation').text, 'none');
  const [replaced, deleted, ...others] = partOf(operation, 'config').children;
  assert.equal(replaced === undefined ? '' : partOf(replaced, 'hostname').text, 'new');
  assert.deepEqual(deleted?.children, []);
  assert.deepEqual(others, []);
  assert.deepEqual(editsTo(new Map(now), now), []);
});

test('a device is asked to test and to go back on errors where it says that it can', () => {
  const edits = editsTo(new Map([['lg-keys:keys', undefined]]), now);
  const able = deviceWith('validate:1.1', 'rollback-on-error:1.0');
  for (const [how, option] of [
    ['test', 'test-only'],
    ['set', 'test-then-set'],
  ] as const) {
    const operation = parseXml(unwrap(editOperation(edits, now, able, how)));
    assert.equal(partOf(operation, 'test-option').text, option);
    assert.equal(partOf(operation, 'error-option').text, 'rollback-on-error');
  }
  const plain = parseXml(unwrap(editOperation(edits, now, deviceWith(), 'set')));
  assert.equal(childOf(plain, 'test-option'), undefined);
  assert.equal(childOf(plain, 'error-option'), undefined);
});

test('a list at the top is refused, in what is wanted and in what there is', () => {
  const list = `${device('a')}${device('b')}`;
  for (const [wanted, there] of [
    [list, device('old')],
    [device('new'), list],
    [undefined, list],
  ] as const) {
    const holding = new Map([['lg-device:device', there]]);
    const edits = editsTo(new Map([['lg-device:device', wanted]]), holding);
    const refused = editOperation(edits, holding, deviceWith(), 'set');
    assert.equal(refused.ok ? '' : refused.error.code, 'LG_PROVIDER_APPLY_FAILED');
  }
});
