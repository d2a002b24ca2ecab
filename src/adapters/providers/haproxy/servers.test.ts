import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { stateImage } from '../../../model/checkpoint/capture.ts';
import {
  adminCommands,
  hasOtherServers,
  parseServers,
  serverItems,
  serverWords,
  type Server,
} from './servers.ts';

/** What HAProxy 2.6.12 printed about real servers. */
const printed = readFileSync(join(import.meta.dirname, 'testdata', 'servers-state.txt'), 'utf8');

test('servers are told by weight, address and what an operator set, not by their health', () => {
  assert.deepEqual(parseServers(printed), [
    { backend: 'shop', name: 'a', state: 'ready', weight: 10, address: '127.0.0.1', port: 27981 },
    { backend: 'shop', name: 'b', state: 'maint', weight: 1, address: '127.0.0.1', port: 27982 },
    // By name: where it leads changes by itself.
    { backend: 'shop', name: 't1', state: 'ready', weight: 1 },
    { backend: 'st', name: 'x', state: 'ready', weight: 1, address: '127.0.0.1', port: 27985 },
  ]);
});

test('a weight that an agent sets is nobody’s setting', () => {
  const withAgent = printed.replace('6 0 0 0 - 27981', '6 6 0 0 - 27981');
  assert.notEqual(withAgent, printed);
  assert.equal(parseServers(withAgent)?.[0]?.weight, undefined);
});

test('text that haproxy did not print is refused, not misread', () => {
  const cut = printed.split('\n').map((line) => line.split(' ').slice(0, 9).join(' '));
  assert.equal(
    parseServers([...cut.slice(0, 1), printed.split('\n')[1], ...cut.slice(2)].join('\n')),
    undefined,
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parseServers(text), undefined);
    }),
  );
});

test('each difference is set by a line of its own, and the lines bring one to the other', () => {
  const server = fc.record({
    state: fc.constantFrom('ready' as const, 'drain' as const, 'maint' as const),
    weight: fc.nat(256),
    address: fc.ipV4(),
    port: fc.integer({ min: 1, max: 65_535 }),
  });
  fc.assert(
    fc.property(server, server, (is, will) => {
      const [now, to] = [is, will].map((one) => imageOf([{ backend: 'b', name: 's', ...one }]));
      if (now === undefined || to === undefined) throw new Error('two were made');
      let there: Server = { backend: 'b', name: 's', ...is };
      for (const line of adminCommands(now, to)) there = carryOut(there, line);
      assert.deepEqual(imageOf([there]), to);
      assert.deepEqual(adminCommands(to, to), []);
    }),
  );
});

test('servers that come or go are a matter of loading files', () => {
  const one: Server = { backend: 'b', name: 's', state: 'ready', weight: 1 };
  const both = imageOf([one, { ...one, name: 'new' }]);
  assert.equal(hasOtherServers(imageOf([one]), both), true);
  assert.equal(hasOtherServers(both, imageOf([one, { ...one, name: 'new', weight: 2 }])), false);
  assert.deepEqual(adminCommands(imageOf([one]), both), []);
});

test('a server is told in a few words', () => {
  const [item] = serverItems([
    { backend: 'b', name: 's', state: 'drain', weight: 3, address: '10.0.0.1', port: 80 },
  ]);
  assert.equal(item && serverWords(item), 'drain, weight 3, at 10.0.0.1 port 80');
});

function imageOf(servers: readonly Server[]) {
  return stateImage(serverItems(servers));
}

/** What haproxy makes of a line, by its management guide. */
function carryOut(server: Server, line: string): Server {
  const [, , , what, value = '', , port] = line.split(' ');
  if (what === 'weight') return { ...server, weight: Number(value) };
  if (what === 'addr') return { ...server, address: value, port: Number(port) };
  if (value === 'ready' || value === 'drain' || value === 'maint')
    return { ...server, state: value };
  throw new Error(`no line of haproxy: ${line}`);
}
