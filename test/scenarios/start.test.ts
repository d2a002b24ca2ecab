import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { configText, makePlace, processesOf } from '../place/place.ts';

function occupy(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

test('the daemon starts once on a data directory, says what is wrong, and ends', async (t) => {
  const place = await makePlace(t, {
    config: ({ path }) =>
      `sources: [ { name: looped, kind: file, paths: ["${path('loop', 'a.log')}"] } ]\n`,
  });
  // A path nobody can open, root neither.
  await fs.symlink('loop', place.path('loop'));
  const otlp = await occupy(place.otlpPort);
  t.after(() => otlp.close());
  const daemon = await place.up();
  t.diagnostic(`start to ready: ${Math.round(daemon.readyMs)} ms`);

  await t.test('a second daemon on the same data directory is refused', async () => {
    const second = await place.run(['up']);
    assert.equal(second.code, 2);
    assert.match(second.err, /^error LG_RUNTIME_DAEMON_RUNNING: .*data\/lock is held/m);
  });
  await t.test('a taken OTLP port and an unreadable source are problems, no failure', async () => {
    const problems = await until(
      'two problems',
      async () => listAt((await place.api('status')).body, 'problems'),
      (found) => found.length >= 2,
    );
    const told = JSON.stringify(problems);
    assert.match(told, new RegExp(`127\\.0\\.0\\.1:${place.otlpPort}`));
    assert.match(told, /looped/);
  });
  await t.test('a wrong token is refused with 401, by exit code 4', async () => {
    const wrong = place.path('wrong.token');
    await fs.writeFile(wrong, 'lgt_wrong\n', { mode: 0o600 });
    const answer = await place.run(['status', '--token-file', wrong]);
    assert.equal(answer.code, 4);
    assert.match(answer.err, /^error LG_ACCESS_/m);
    const response = await fetch(`${daemon.url}/api/v1/status`, {
      headers: { authorization: 'Bearer lgt_wrong', connection: 'close' },
    });
    assert.equal(response.status, 401);
    assert.match(textAt(await response.json(), 'code'), /^LG_ACCESS_/);
  });
  await t.test('SIGTERM ends it within ten seconds, with all its processes', async () => {
    const { code, ms } = await daemon.stop();
    t.diagnostic(`SIGTERM to the end: ${Math.round(ms)} ms`);
    assert.equal(code, 0, daemon.notes());
    assert.ok(ms < 10_000, `${ms} ms`);
    await until(
      'the end of all processes',
      async () => processesOf(place.root),
      (pids) => pids.length === 0,
    );
  });
  await t.test('without a daemon a command says so, by exit code 3', async () => {
    const answer = await place.run(['status', '--url', daemon.url]);
    assert.equal(answer.code, 3);
    assert.match(answer.err, /^error LG_API_DAEMON_UNREACHABLE: /m);
  });
});

test('one request to stop that arrives twice, as through a launcher, stops cleanly', async (t) => {
  const place = await makePlace(t);
  const daemon = await place.up('--config', place.configFile);
  // Two of one kind would become one on their way.
  process.kill(daemon.pid, 'SIGINT');
  const { code } = await daemon.stop();
  assert.equal(code, 0, daemon.notes());
  await assert.rejects(place.read('data/daemon.json'), /ENOENT/);
});

test('a start that cannot work fails at once, says why, and leaves no process', async (t) => {
  const place = await makePlace(t);
  await t.test('a broken configuration, with file:line:column', async () => {
    await fs.writeFile(place.configFile, configText(place, 'checkpoints: { schedule: soon }\n'));
    const ended = await place.run(['up']);
    assert.equal(ended.code, 2);
    assert.match(ended.err, /^error LG_CONFIG_\w+: .*lastgood\.yaml:2:26: /m);
    const checked = await place.run(['config', 'check']);
    assert.equal(checked.code, 2);
  });
  await t.test('a configuration that is not there', async () => {
    const ended = await place.run(['up', '--config', place.path('none.yaml')]);
    assert.equal(ended.code, 2);
    assert.match(ended.err, /^error LG_CONFIG_UNREADABLE: .*none\.yaml/m);
  });
});
