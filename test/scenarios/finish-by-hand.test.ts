import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { at, textAt } from '../place/document.ts';
import { makePlace, type Place } from '../place/place.ts';
import { EXECUTABLE } from '../place/program.ts';
import { until } from '../place/until.ts';

const shop = ({ path }: Place): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
checkpoints: { schedule: false, soak: 1h }
`;

test('what a run that needs an operator prints brings P back when it is pasted', async (t) => {
  const place = await makePlace(t, { config: shop });
  await place.write('shop/a.conf', 'good\n');
  await place.write('shop/old one.conf', 'good\n');
  const daemon = await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  await place.write('shop/a.conf', 'bad\n');
  spawnSync('rm', [place.path('shop/old one.conf')]);
  const planned = await place.run(['rollback', 'plan', textAt(taken.json[0], 'id'), '--json']);
  const plan = textAt(planned.json[0], 'id');
  const begun = await place.run(['rollback', 'apply', plan, '--detach', '--json']);
  const run = textAt(begun.json[0], 'run');
  const isIn = (state: string): Promise<unknown> =>
    until(
      state,
      async () => (await place.api(`runs/${run}`)).body,
      (view) => at(view, 'state') === state,
    );
  await isIn('AWAITING_CONFIRM');
  await place.write('shop/a.conf', "a colleague's\n");
  await place.run(['rollback', 'cancel', run, '--detach']);
  await isIn('NEEDS_OPERATOR');

  // Nothing of it needs the daemon.
  await daemon.kill();
  const shown = await place.run(['rollback', 'status', run]);
  const [, lines = ''] = /^ +by hand:\n([\s\S]*?\n +\})$/m.exec(shown.out) ?? [];
  assert.match(lines, /lastgood checkpoint export cp_\w+ /, shown.out + shown.err);
  const bin = `#!/bin/sh\nexec ${process.execPath} ${EXECUTABLE} "$@"\n`;
  await place.write('bin/lastgood', bin);
  await chmod(place.path('bin/lastgood'), 0o755);
  const PATH = `${place.path('bin')}:${place.env['PATH']}`;
  const env = { ...place.env, PATH, LASTGOOD_DATA: place.data };
  const pasted = spawnSync('sh', ['-e'], {
    cwd: place.root,
    env,
    input: lines,
    encoding: 'utf8',
  });
  assert.equal(pasted.status, 0, `${pasted.stderr}\n${lines}`);
  assert.deepEqual(await readdir(place.path('shop')), ['a.conf']);
  assert.equal(await place.read('shop/a.conf'), 'bad\n');
  // The file of T is named by the export, too, which knows nothing of the run.
  assert.match(pasted.stdout, /^added since: .*\/shop\/old one\.conf$/m);
});
