import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, Socket, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import type { Json } from '../../../base/canonical-json.ts';
import { silentLog } from '../../../base/log.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { LocalBus } from './local-bus.ts';

const clock = new ManualClock();

function newBus(): LocalBus {
  return new LocalBus({ clock, log: silentLog });
}

/** Both ends of a real socket. */
async function socketPair(): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection');
  const near = connect(port, '127.0.0.1');
  const [far] = await accepted;
  server.close();
  return [near, far];
}

function codeOf(result: Result<Json>): string {
  return result.ok ? 'ok' : result.error.code;
}

interface Joined extends AsyncDisposable {
  readonly core: LocalBus;
  readonly child: LocalBus;
  readonly wire: Duplex;
}

async function joined(): Promise<Joined> {
  const [near, far] = await socketPair();
  const core = newBus();
  const child = newBus();
  const links = [core.connect(near), child.connect(far)];
  const dispose = async (): Promise<void> => {
    for (const link of links) link.close();
    await Promise.all(links.map((link) => link.closed));
  };
  return { core, child, wire: far, [Symbol.asyncDispose]: dispose };
}

// Everything that must hold within a process and over a stream alike.
for (const way of ['in memory', 'over a stream'] as const) {
  const pair = async (): Promise<Pick<Joined, 'core' | 'child'> & AsyncDisposable> => {
    if (way === 'over a stream') return joined();
    const one = newBus();
    return { core: one, child: one, [Symbol.asyncDispose]: () => Promise.resolve() };
  };

  test(`${way}: a request is answered with a copy of what the server gave`, async () => {
    await using buses = await pair();
    const kept = { list: [1, { deep: 'ü' }], none: null };
    let seen: Json = null;
    buses.child.serve('evidence.query', (payload) => {
      seen = payload;
      return Promise.resolve(ok(kept));
    });
    const asked = { text: 'a', gone: undefined } as unknown as Json;
    const result = await buses.core.request('evidence.query', asked, 1000);
    assert.deepEqual(result, ok(kept));
    assert.ok(result.ok && result.value !== kept);
    assert.deepEqual(seen, { text: 'a' });
  });

  test(`${way}: the server's own error arrives with its code, a throw as a bug`, async () => {
    await using buses = await pair();
    buses.child.serve('refuse', () => {
      return Promise.resolve(err(lgError('LG_STORE_DISK_FULL', 'in /data')));
    });
    buses.child.serve('throw', () => Promise.reject(new Error('oops')));
    buses.child.serve('bigint', () => Promise.resolve(ok(1n as unknown as Json)));
    const refused = await buses.core.request('refuse', null, 1000);
    assert.ok(!refused.ok);
    assert.equal(refused.error.detail, 'in /data');
    assert.equal(codeOf(refused), 'LG_STORE_DISK_FULL');
    assert.equal(codeOf(await buses.core.request('throw', null, 1000)), 'LG_RUNTIME_BUG');
    assert.equal(codeOf(await buses.core.request('bigint', null, 1000)), 'LG_RUNTIME_BUG');
    assert.equal(codeOf(await buses.core.request('x', null, 1000)), 'LG_RUNTIME_EVIDENCE_DOWN');
  });

  test(`${way}: news reaches every subscriber in order, until it stops listening`, async () => {
    await using buses = await pair();
    const heard: Json[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = buses.core.subscribe('signals', (payload) => heard.push(payload));
    buses.core.subscribe('signals', (payload) => {
      if (payload === 3) stop();
      if (payload === 4) resolve();
    });
    for (const n of [1, 2, 3, 4]) buses.child.publish('signals', n);
    await promise;
    assert.deepEqual(heard, [1, 2, 3]);
  });

  test(`${way}: an answer after the deadline is a deadline error and nothing else`, async () => {
    await using buses = await pair();
    const asked = Promise.withResolvers<void>();
    const late = Promise.withResolvers<Result<Json>>();
    buses.child.serve('slow', () => {
      asked.resolve();
      return late.promise;
    });
    const result = buses.core.request('slow', null, 500);
    await asked.promise;
    clock.advance(501);
    assert.equal(codeOf(await result), 'LG_RUNTIME_DEADLINE');
    late.resolve(ok('too late'));
    buses.child.serve('next', () => Promise.resolve(ok('fine')));
    assert.deepEqual(await buses.core.request('next', null, 500), ok('fine'));
  });
}

test('beyond a thousand unanswered requests the next is refused at once', async () => {
  const bus = newBus();
  const hold = Promise.withResolvers<Result<Json>>();
  bus.serve('hold', () => hold.promise);
  const held = Array.from({ length: 1000 }, () => bus.request('hold', null, 1000));
  assert.equal(codeOf(await bus.request('hold', null, 1000)), 'LG_API_BUSY');
  hold.resolve(ok(1));
  assert.equal((await Promise.all(held)).filter((result) => result.ok).length, 1000);
});

test('a payload that is no JSON is refused where it is sent', () => {
  const bus = newBus();
  bus.serve('s', () => Promise.resolve(ok(null)));
  assert.throws(() => bus.publish('s', 1n as unknown as Json), TypeError);
  assert.throws(() => bus.request('s', 1n as unknown as Json, 1), TypeError);
});

test('both ends may ask at the same time, and messages of megabytes pass', async () => {
  await using buses = await joined();
  const large = 'x'.repeat(5_000_000);
  buses.core.serve('core.echo', (payload) => Promise.resolve(ok(payload)));
  buses.child.serve('child.echo', (payload) => Promise.resolve(ok(payload)));
  const answers = await Promise.all([
    buses.core.request('child.echo', large, 1000),
    buses.child.request('core.echo', large, 1000),
    buses.core.request('child.echo', 'small', 1000),
  ]);
  assert.deepEqual(answers, [ok(large), ok(large), ok('small')]);
});

test('a message beyond the limit is refused to its sender and the link stays', async () => {
  await using buses = await joined();
  buses.child.serve('echo', (payload) => Promise.resolve(ok(payload)));
  const giant = 'x'.repeat(64 * 1024 * 1024);
  assert.equal(codeOf(await buses.core.request('echo', giant, 1000)), 'LG_API_BODY_TOO_LARGE');
  buses.child.serve('giant', () => Promise.resolve(ok(giant)));
  assert.equal(codeOf(await buses.core.request('giant', 1, 1000)), 'LG_API_BODY_TOO_LARGE');
  assert.deepEqual(await buses.core.request('echo', 1, 1000), ok(1));
});

test('when the peer is killed, what waits for it fails and a new peer can take over', async () => {
  const core = newBus();
  const program = `
    const stream = new (require('net').Socket)({ fd: 3 });
    stream.once('data', () => process.kill(process.pid, 'SIGKILL'));`;
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const wire = child.stdio[3];
  assert.ok(wire instanceof Socket);
  const link = core.connect(wire);
  assert.equal(codeOf(await core.request('evidence.x', null, 60_000)), 'LG_RUNTIME_EVIDENCE_DOWN');
  assert.equal(await link.closed, undefined);
  assert.equal(codeOf(await core.request('evidence.x', null, 1000)), 'LG_RUNTIME_EVIDENCE_DOWN');

  const [near, far] = await socketPair();
  const next = newBus();
  next.serve('evidence.x', () => Promise.resolve(ok('again')));
  const links = [core.connect(near), next.connect(far)];
  assert.deepEqual(await core.request('evidence.x', null, 1000), ok('again'));
  for (const one of links) one.close();
  await Promise.all(links.map((one) => one.closed));
});

test('garbage on the stream ends the link with a clear error for whoever waits', async () => {
  for (const garbage of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x02{}', '\0\0\0\x0412']) {
    const [near, far] = await socketPair();
    const core = newBus();
    const link = core.connect(near);
    const waiting = core.request('evidence.x', null, 60_000);
    far.end(Buffer.from(garbage, 'latin1'));
    assert.equal(codeOf(await waiting), 'LG_RUNTIME_MESSAGE_INVALID');
    assert.equal((await link.closed)?.code, 'LG_RUNTIME_MESSAGE_INVALID');
    far.destroy();
  }
});
