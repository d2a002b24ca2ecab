import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { fromUtf8 } from '../../src/base/bytes.ts';
import { decodeProviderCall } from '../../src/runner/decode-provider-call.ts';
import { runCommand } from '../../src/runner/run-command.ts';
import { TurnTaking } from '../../src/runner/turn-taking.ts';
import { startHost } from './provider-host.ts';

const home = await fs.mkdtemp(join(tmpdir(), 'lastgood-host-'));
const host = await startHost(home);
after(async () => {
  await host.stop();
  await fs.rm(home, { recursive: true, force: true });
});

const env = { PATH: process.env['PATH'] ?? '' };
const never = new AbortController().signal;

test('a message that is no provider call is answered with what is wrong', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const message = JSON.parse(JSON.stringify(value));
      assert.equal(typeof decodeProviderCall(message), 'string');
    }),
  );
});

test('an unknown provider and settings that do not fit are named', async () => {
  const state = { id: 'a/nope', component: 'a', provider: 'nope', spec: {} };
  const unknown = await host.client.observe(state);
  assert.equal(unknown.ok ? '' : unknown.error.code, 'LG_PROVIDER_UNKNOWN');
  const wrong = { id: 'a/files', component: 'a', provider: 'files', spec: { paths: ['etc'] } };
  const invalid = await host.client.observe(wrong);
  assert.equal(invalid.ok ? '' : invalid.error.code, 'LG_PROVIDER_SPEC_INVALID');
  assert.ok(!invalid.ok && invalid.error.detail.includes('paths.0'));
});

test('a mutation meant for another host, boot or network namespace is refused', async () => {
  const path = join(home, 'flags');
  const spec = { capture: ['cat', path], apply: ['sh', '-c', `cat > ${path}`] };
  const state = { id: 'a/command', component: 'a', provider: 'command', spec };
  await fs.writeFile(path, 'good');
  const good = await host.client.capture(state);
  const me = await host.client.identify(state);
  assert.ok(good.ok && me.ok);
  await fs.writeFile(path, 'bad');
  const bad = await host.client.observe(state);
  assert.ok(bad.ok);
  const expects = bad.value.fingerprint;
  const order = { desired: good.value.image, paths: ['output'], expects, runToken: 1 };
  for (const target of [
    { ...me.value, host: 'somebody else' },
    { ...me.value, bootId: 'an earlier boot' },
    { ...me.value, network: 'net:[1]' },
  ]) {
    const refused = await host.client.apply(state, { ...order, target });
    assert.equal(refused.ok ? '' : refused.error.code, 'LG_PROVIDER_TARGET_CHANGED');
    assert.equal(readFileSync(path, 'utf8'), 'bad');
  }
  const done = await host.client.apply(state, { ...order, target: me.value });
  assert.deepEqual(done.ok && done.value, { kind: 'done' });
  assert.equal(readFileSync(path, 'utf8'), 'good');
});

test('who was overtaken pauses nobody; a freeze for a checkpoint needs no token', async () => {
  const spec = { paths: [join(home, 'none')] };
  const state = { id: 'paused/files', component: 'paused', provider: 'files', spec };
  const pause = async (runToken?: number): Promise<string> => {
    const by = { run: 'run_1', ...(runToken === undefined ? {} : { runToken }) };
    const told = await host.client.pause(state, { ...by, writer: 'cron', seconds: 60 });
    return told.ok ? '' : told.error.code;
  };
  assert.ok((await host.client.fence(state, { run: 'run_1', runToken: 3 })).ok);
  assert.equal(await pause(2), 'LG_PROVIDER_TOKEN_STALE');
  // This host has nobody to watch over a pause, which is the answer of whoever was let through.
  assert.equal(await pause(3), 'LG_PROVIDER_PAUSE');
  assert.equal(await pause(), 'LG_PROVIDER_PAUSE');
});

test('work on one state takes turns, work on two does not', async () => {
  const turns = new TurnTaking();
  const order: string[] = [];
  const releases: (() => void)[] = [];
  const work = (name: string): Promise<void> =>
    turns.take(name[0] ?? '', async () => {
      order.push(`${name} begins`);
      await new Promise<void>((resolve) => releases.push(resolve));
      order.push(`${name} ends`);
    });
  const all = [work('a1'), work('a2'), work('b1')];
  while (releases.length > 0 || order.length < 6) {
    releases.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(all);
  assert.ok(order.indexOf('a1 ends') < order.indexOf('a2 begins'));
  assert.ok(order.indexOf('b1 begins') < order.indexOf('a1 ends'));
});

test('a command gets its input, a clean environment and its words, without a shell', async () => {
  process.env['LASTGOOD_TEST_LEAK'] = 'leaked';
  const words = ['sh', '-c', 'cat; env; echo "$0"', '$(id); `id`'];
  const ran = await runCommand(
    words,
    { timeoutMs: 10_000, input: Buffer.from('input\n'), env: { EXTRA: '1' } },
    { env, signal: never },
  );
  delete process.env['LASTGOOD_TEST_LEAK'];
  assert.ok(ran.ok);
  const said = fromUtf8(ran.value.stdout);
  assert.ok(said.startsWith('input\n') && said.endsWith('$(id); `id`\n'), said);
  assert.ok(said.includes('EXTRA=1') && !said.includes('leaked'));
});

test('a non-zero exit is a value, a program that is not there is an error', async () => {
  const failed = await runCommand(
    ['sh', '-c', 'echo why >&2; exit 3'],
    { timeoutMs: 10_000 },
    { env, signal: never },
  );
  assert.deepEqual(failed.ok && [failed.value.exitCode, failed.value.stderr], [3, 'why\n']);
  const missing = await runCommand(['/no/such'], { timeoutMs: 1_000 }, { env, signal: never });
  assert.equal(missing.ok ? '' : missing.error.code, 'LG_PROVIDER_COMMAND_FAILED');
});

test('a command that floods its output is ended', async () => {
  const ran = await runCommand(['yes'], { timeoutMs: 60_000 }, { env, signal: never });
  assert.equal(ran.ok ? '' : ran.error.code, 'LG_PROVIDER_TOO_LARGE');
});

test('at the deadline the whole group of a command is gone', async () => {
  const pids = join(home, 'pids');
  const script = `sleep 600 & echo $! > ${pids}; wait`;
  const ran = await runCommand(['sh', '-c', script], { timeoutMs: 300 }, { env, signal: never });
  assert.equal(ran.ok ? '' : ran.error.code, 'LG_PROVIDER_COMMAND_FAILED');
  const pid = readFileSync(pids, 'utf8').trim();
  let state = 'gone';
  try {
    state = /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? 'gone';
  } catch {
    // There is no such process any more.
  }
  assert.ok(['gone', 'Z', 'X'].includes(state), state);
});

test('a service that a command leaves running does not hold up its answer', async () => {
  const pids = join(home, 'service');
  const script = `sleep 600 & echo $! > ${pids}`;
  const ran = await runCommand(['sh', '-c', script], { timeoutMs: 60_000 }, { env, signal: never });
  assert.ok(ran.ok && ran.value.exitCode === 0);
  process.kill(Number(readFileSync(pids, 'utf8')), 'SIGKILL');
});
