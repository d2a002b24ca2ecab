import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namingScreen } from './naming-screen.ts';

function begin(isJson = false) {
  const shown: string[] = [];
  let asked = 0;
  const screen = {
    out: (line: string) => void shown.push(line),
    note: () => undefined,
    json: () => undefined,
    isJson,
    hasColor: false,
    columns: 80,
  };
  const naming = namingScreen(screen, async () => {
    asked += 1;
    return (text) => text.replaceAll('token:tok_1a', 'ann');
  });
  return { ...naming, all: shown, asked: () => asked };
}

test('whoever is named has a name, in the order of the lines, and is asked for once', async () => {
  const { screen, shown, all, asked } = begin();
  screen.out('first');
  assert.deepEqual(all, ['first'], 'nobody waits before somebody is named');
  screen.out('by token:tok_1a');
  screen.out('last');
  await shown();
  screen.out('again token:tok_1a');
  assert.deepEqual(all, ['first', 'by ann', 'last', 'again ann']);
  assert.equal(asked(), 1);
});

test('a command that names nobody asks nobody, and a program is told ids', async () => {
  const calm = begin();
  calm.screen.out('nobody');
  await calm.shown();
  assert.equal(calm.asked(), 0);
  const json = begin(true);
  json.screen.out('by token:tok_1a');
  await json.shown();
  assert.deepEqual(json.all, ['by token:tok_1a']);
});
