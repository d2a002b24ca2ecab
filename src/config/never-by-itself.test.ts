import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { loadConfig } from './load.ts';
import { neverByItself } from './never-by-itself.ts';

const adapters = {
  sources: new Map(),
  providers: new Map([['files', z.strictObject({ paths: z.array(z.string()) })]]),
};

function notesOf(text: string): readonly string[] {
  const loaded = loadConfig(text, 'lastgood.yaml', adapters);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return neverByItself(loaded.value);
}

const WHOLE = `
components:
  - { name: shop, state: [ { provider: files, paths: [/srv/shop] } ] }
  - { name: front, dependsOn: [shop], health: [ { tcp: "127.0.0.1:80" } ] }
  - { name: bare }
  - name: fed
    state: [ { provider: files, paths: [/srv/fed] } ]
    writers: [ { unit: git-sync.timer } ]
triggers: [ { name: slow, signal: span-latency, component: front, window: 10s, above: 1s } ]
`;

test('a component that stands under what is watched and checked may go back by itself', () => {
  assert.deepEqual(notesOf(`${WHOLE}rollback: { automatic: { components: [shop] } }`), []);
  assert.deepEqual(notesOf(WHOLE), [], 'who asks for none is told nothing');
});

test('what never goes back by itself is told with every reason', () => {
  const notes = notesOf(`${WHOLE}rollback: { automatic: { components: [bare, fed] } }`);
  assert.deepEqual(notes, [
    'bare never goes back by itself: it has no state that could be restored',
    'bare never goes back by itself: no health check covers it or what depends on it',
    'bare never goes back by itself: no trigger opens an incident about it or what depends on it',
    'fed never goes back by itself: no health check covers it or what depends on it',
    'fed never goes back by itself: it has other writers, and pausing them is left to a person',
    'fed never goes back by itself: no trigger opens an incident about it or what depends on it',
  ]);
});

test('that nothing stays without a person is told', () => {
  const text = `${WHOLE}rollback: { onSilence: revert, automatic: { components: [shop] } }`;
  assert.match(notesOf(text).join(), /stays only if a person confirms it/);
});
