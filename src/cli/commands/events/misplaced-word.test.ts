import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misplacedWord } from './misplaced-word.ts';

test('a word that is no file is told with what was meant by it', () => {
  assert.match(misplacedWord('folow'), /^"folow" is a file only .*\(did you mean --follow\?\)$/);
  assert.match(misplacedWord('search'), /\(look for it with --text "search"\)$/);
});
