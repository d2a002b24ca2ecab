import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlace } from '../place/place.ts';

test('what cannot be done as asked is said in words and by the exit code', async (t) => {
  const place = await makePlace(t);
  await place.write('text.txt', 'no record at all\n');
  for (const [args, code, words] of [
    [
      ['normalize', '--format', 'journal-json', place.path('text.txt')],
      1,
      /^none of \S+ is journal-json: 1 reject, no record$/m,
    ],
    [
      ['normalize', '--format', 'text', '/nope'],
      2,
      /LG_INGEST_FILE_UNREADABLE: \/nope: .*Check the path/,
    ],
    [['help', 'nosuch'], 2, /LG_RUNTIME_USAGE: there is no command "nosuch"/],
    [['gate', 'deploy'], 2, /LG_RUNTIME_USAGE: .*--component NAME/],
    [['incident', 'close', 'inc_1'], 2, /LG_RUNTIME_USAGE: .*--reason TEXT/],
  ] as const) {
    const ended = await place.run(args);
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.err}`);
    assert.match(ended.err, words);
  }
  const help = await place.run(['help', 'rollback', 'plan']);
  assert.equal(help.code, 0, help.err);
  assert.match(help.out, /what going back would do/);
});
