import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, unwrap } from '../../../base/result.ts';
import { differingNodes, readDatastore, type Datastore } from './datastore.ts';
import { BASE_NAMESPACE } from './hello.ts';
import { netconfSpec } from './netconf-spec.ts';
import type { Session } from './session.ts';
import { parseXml } from './xml/parse-xml.ts';

const MODULES = new Map([
  ['urn:lg:device', 'lg-device'],
  ['urn:lg:keys?a&b', 'lg-keys'],
]);

/** What is asked of a device that sends `data`, and what is read of it. */
async function reading(
  nodes: readonly string[] | undefined,
  data = '<data/>',
): Promise<{ readonly asked: string; readonly read: Awaited<ReturnType<typeof readDatastore>> }> {
  let asked = '';
  const reply = parseXml(`<rpc-reply xmlns="${BASE_NAMESPACE}">${data}</rpc-reply>`);
  const session: Session = {
    hello: { capabilities: new Set(), modules: MODULES, isYuma: false },
    async ask(_doing, operation) {
      asked = operation;
      return ok(reply);
    },
    try: async () => ok({ kind: 'answered', reply }),
  };
  const spec = netconfSpec.parse({ command: ['r1'], ...(nodes === undefined ? {} : { nodes }) });
  const read = await readDatastore('running', spec, session);
  return { asked, read };
}

test('a device is asked for the nodes of the state alone, by the namespaces it named', async () => {
  const { asked } = await reading(['lg-device:device', 'lg-keys:keys']);
  assert.equal(
    asked,
    '<get-config><source><running/></source><filter type="subtree">' +
      '<device xmlns="urn:lg:device"/><keys xmlns="urn:lg:keys?a&amp;b"/></filter></get-config>',
  );
});

test('a device is asked for everything where a filter could miss a node', async () => {
  for (const nodes of [undefined, ['lg-device:*'], ['lg-device:device', 'lg-other:thing']]) {
    const { asked } = await reading(nodes);
    assert.equal(asked, '<get-config><source><running/></source></get-config>');
  }
});

test('nodes are read in one form, whatever prefixes and indents they come with', async () => {
  const plain = '<data><device xmlns="urn:lg:device"><mtu>9</mtu></device></data>';
  const other = `<data xmlns:d="urn:lg:device">
    <d:device>
      <d:mtu>9</d:mtu>
    </d:device>
  </data>`;
  const one = unwrap((await reading(undefined, plain)).read);
  const two = unwrap((await reading(undefined, other)).read);
  assert.deepEqual([...one.keys()], ['lg-device:device']);
  assert.deepEqual(one, two);
});

test('entries of a list at the top are one node; an empty node is none', async () => {
  const data =
    '<data><user xmlns="urn:x y"><name>a</name></user><user xmlns="urn:x y"><name>b</name></user>' +
    '<device xmlns="urn:lg:device"> </device></data>';
  const nodes = unwrap((await reading(undefined, data)).read);
  // Nobody said which module this namespace is.
  assert.deepEqual([...nodes.keys()], ['urn%3Ax%20y:user']);
  assert.match(nodes.get('urn%3Ax%20y:user') ?? '', /<name>a<[^]*<name>b</);
});

test('an answer without a configuration is not taken for an empty one', async () => {
  const { read } = await reading(undefined, '<ok/>');
  assert.equal(read.ok ? '' : read.error.code, 'LG_PROVIDER_DEVICE_SPEECH');
});

test('two datastores differ in nodes that one lacks or has otherwise, of the state alone', () => {
  const one: Datastore = new Map([
    ['a:same', '1'],
    ['b:other', '1'],
    ['c:gone', '1'],
  ]);
  const other: Datastore = new Map([
    ['a:same', '1'],
    ['b:other', '2'],
    ['d:new', '1'],
  ]);
  const all = netconfSpec.parse({ command: ['r1'] });
  assert.deepEqual(differingNodes(one, other, all), ['b:other', 'c:gone', 'd:new']);
  const some = netconfSpec.parse({ command: ['r1'], nodes: ['d:*', 'a:same'] });
  assert.deepEqual(differingNodes(one, other, some), ['d:new']);
});
