import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { makePlace, type Place } from '../place/place.ts';

/** The checkpoint that the daemon took by itself after its start. */
async function firstCheckpoint(place: Place): Promise<string> {
  const [first] = await until(
    'the first checkpoint',
    async () => listAt((await place.api('checkpoints')).body, 'checkpoints'),
    (found) => found.length > 0,
  );
  assert.equal(textAt(first, 'manifest', 'reason', 'kind'), 'first');
  return textAt(first, 'id');
}

test('a bare host, without any configuration, tells what changed on it', async (t) => {
  const place = await makePlace(t);
  await place.up();
  const id = await firstCheckpoint(place);

  await t.test('its first checkpoint is compare-only wherever it is told', async () => {
    for (const words of [['status'], ['checkpoint', 'list'], ['checkpoint', 'show', id]]) {
      const told = await place.run(words);
      assert.equal(told.code, 0, told.err);
      assert.match(told.out, /compare-only/, words.join(' '));
      assert.doesNotMatch(told.out, /restorable/, words.join(' '));
    }
  });
  await t.test('a port that listens since is named with its program, by exit code 1', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const diff = await place.run(['checkpoint', 'diff', id]);
    assert.equal(diff.code, 1, diff.err);
    assert.match(diff.out, /: listening ports \(\d+\)$/m);
    assert.match(
      diff.out,
      new RegExp(`^  \\+ port ${port}/tcp listening on 127\\.0\\.0\\.1 \\(new, node\\)$`, 'm'),
    );
    assert.doesNotMatch(diff.out, new RegExp(`\\bport (${place.uiPort}|${place.otlpPort})/`));
  });
  await t.test('no plan is made of it, and the reason says what to do', async () => {
    for (const words of [
      ['rollback', 'plan'],
      ['rollback', 'plan', id],
    ]) {
      const refused = await place.run(words);
      assert.equal(refused.code, 4);
      assert.match(refused.err, /^error LG_ROLLBACK_COMPARE_ONLY: .*lastgood init/m);
    }
  });
  await t.test('doctor finds nothing wrong with what only compares', async () => {
    const doctor = await place.run(['doctor']);
    assert.match(doctor.out, /^ok {4}provider \S+\/host: compare-only: \d+ items/m);
  });
});

const folder = ({ path }: Place): string => `sources: []
components:
  - name: web1
    kind: server
    state: [ { provider: host, sections: [files], files: ["${path('etc')}"] } ]
`;

test('files of a chosen folder are told line by line, private ones never', async (t) => {
  const place = await makePlace(t, { config: folder });
  await place.write('etc/hosts', '127.0.0.1 localhost\n192.0.2.1 old\n');
  await place.write('etc/app/server.key', 'hunter2\n');
  await place.up();
  const id = await firstCheckpoint(place);
  const same = await place.run(['checkpoint', 'diff', id]);
  assert.equal(same.code, 0, same.out + same.err);
  assert.match(same.out, /^no differences/);

  await place.write('etc/hosts', '127.0.0.1 localhost\n192.0.2.2 new\n192.0.2.3 newer\n');
  await place.write('etc/app/server.key', 'hunter3-and-more\n');
  const diff = await place.run(['checkpoint', 'diff', id]);
  assert.equal(diff.code, 1, diff.err);
  assert.match(diff.out, /^web1\/host: files \(2\)$/m);
  assert.match(diff.out, /^ {2}~ \S+\/etc\/hosts changed \+2 −1 lines$/m);
  assert.match(diff.out, /^ {4}-192\.0\.2\.1 old\n {4}\+192\.0\.2\.2 new$/m);
  assert.match(diff.out, /server\.key was written at .*Z \(private: its content is never read\)$/m);
  assert.doesNotMatch(diff.out, /hunter/);

  const json = await place.run(['checkpoint', 'diff', id, '--json']);
  assert.equal(json.code, 1);
  const [hosts] = listAt(json.json[0], 'changes').filter((one) =>
    textAt(one, 'path').endsWith('/etc/hosts'),
  );
  assert.equal(textAt(hosts, 'section'), 'files');
  assert.match(textAt(hosts, 'words'), /\+2 −1 lines$/);
});
