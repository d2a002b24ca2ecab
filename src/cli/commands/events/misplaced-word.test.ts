import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../command-list.ts';
import { makeProgram } from '../../program.ts';
import { misplacedWord } from './misplaced-word.ts';

test('a word that is no file is told with what was meant by it', () => {
  const program = makeProgram(() => () => Promise.resolve(), COMMANDS);
  const options = program.commands.find((one) => one.name() === 'events')?.options ?? [];
  const told = (word: string): string => misplacedWord(word, options);
  assert.match(told('folow'), /^"folow" is a file only .*\(did you mean --follow\?\)$/);
  assert.match(told('search'), /\(look for it with --text "search"\)$/);
  for (const option of ['limit', 'data', 'kind']) {
    assert.match(told(option), new RegExp(`did you mean --${option}\\?`));
  }
});
