import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createRawServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LastgoodError } from '../../src/base/error.ts';
import { err, ok } from '../../src/base/result.ts';
import { ApiClient } from '../../src/api/client.ts';
import type { ExportEntry, StreamEvent } from '../../src/api/contract.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import type { TimelineRecord } from '../../src/model/record/timeline-record.ts';
import { answered, serve } from './served.ts';

const certificates = join(import.meta.dirname, 'testdata');
const at = '2026-01-01T00:00:00.000000000Z';

function record(n: number): TimelineRecord {
  const clock = { id: 'c', offsetNs: 0, method: 'none' };
  const times = { time: null, observedTime: at, alignedTime: at };
  const rest = { severity: 0, resource: {}, attributes: { n: [1, null] }, source: { id: 's' } };
  return { id: String(n), kind: 'log', ...times, clock, ...rest };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const failed = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(failed instanceof LastgoodError, String(failed));
  return failed.code;
}

test('the client walks all pages of the timeline in order', async () => {
  const pages: Readonly<Record<string, readonly number[]>> = { '': [1, 2], b: [3, 4], c: [5] };
  const next: Readonly<Record<string, string>> = { '': 'b', b: 'c' };
  await using served = await serve({
    timeline: (_caller, { cursor = '' }) => {
      const nextCursor = next[cursor];
      const records = (pages[cursor] ?? []).map(record);
      return Promise.resolve(ok({ records, ...(nextCursor === undefined ? {} : { nextCursor }) }));
    },
  });
  const client = new ApiClient({ url: served.server.url, token: await served.token('viewer') });
  const found: string[] = [];
  const asked = { component: ['checkout', 'a,b'], limit: 2, from: at };
  for await (const { id } of client.timeline(asked)) found.push(id);
  assert.deepEqual(found, ['1', '2', '3', '4', '5']);
  assert.equal(served.reached.length, 3);
});

test('a refusal arrives with its code, detail and exit code', async () => {
  await using served = await serve({
    planApply: () =>
      Promise.resolve(err(lgError('LG_ROLLBACK_PLAN_STALE', 'checkout/files changed since'))),
  });
  const client = new ApiClient({ url: served.server.url, token: await served.token('responder') });
  await assert.rejects(client.call('planApply', { id: 'plan/1 ü', planHash: 'x' }), (error) => {
    assert.ok(error instanceof LastgoodError);
    assert.equal(error.code, 'LG_ROLLBACK_PLAN_STALE');
    assert.equal(error.detail, 'checkout/files changed since');
    assert.equal(error.entry.exit, 4);
    return true;
  });
  assert.deepEqual(served.reached[0]?.input, { id: 'plan/1 ü', planHash: 'x' });
});

test('nobody listening, silence and a broken answer are all an unreachable daemon', async () => {
  const taken = createRawServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const url = `http://127.0.0.1:${(taken.address() as AddressInfo).port}`;
  const client = new ApiClient({ url, timeoutMs: 50 });
  assert.equal(await codeOf(client.call('status', {})), 'LG_API_DAEMON_UNREACHABLE');
  taken.on('connection', (socket) => {
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half":');
  });
  assert.equal(await codeOf(client.call('status', {})), 'LG_API_DAEMON_UNREACHABLE');
  taken.close();
  await once(taken, 'close');
  assert.equal(await codeOf(client.call('status', {})), 'LG_API_DAEMON_UNREACHABLE');
  const own = new AbortController();
  own.abort(new Error('the user pressed Ctrl-C'));
  await assert.rejects(client.call('status', {}, { signal: own.signal }), /Ctrl-C|abort/);
});

test('another server on the port is told as such, not misunderstood', async () => {
  for (const [status, body] of [
    [200, '<html>nginx</html>'],
    [200, '{"hello":"world"}'],
    [404, 'Not Found'],
    [302, '{}'],
  ] as const) {
    const other = createServer((_request, response) => response.writeHead(status).end(body));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const client = new ApiClient({
      url: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    });
    assert.equal(await codeOf(client.call('health', {})), 'LG_API_ANSWER_INVALID', body);
    other.close();
  }
  assert.throws(() => new ApiClient({ url: 'localhost' }), /LG_RUNTIME_USAGE/);
  assert.throws(() => new ApiClient({ url: 'file:///etc' }), /LG_RUNTIME_USAGE/);
});

test('an export arrives entry by entry, as many as there are', async () => {
  const entries: readonly ExportEntry[] = [
    { kind: 'folder', path: 'etc', mode: 0o755 },
    { kind: 'file', path: 'etc/big', mode: 0o600, uid: 0, gid: 0, content: 'A'.repeat(3_000_000) },
    { kind: 'part', path: 'etc/big', content: 'B' },
    { kind: 'link', path: 'current', target: 'etc' },
  ];
  await using served = await serve({
    checkpointExport: () =>
      Promise.resolve(
        ok(
          (async function* () {
            yield* entries;
          })(),
        ),
      ),
  });
  const client = new ApiClient({ url: served.server.url, token: await served.token('admin') });
  const got: ExportEntry[] = [];
  for await (const entry of client.exported('cp_1')) got.push(entry);
  assert.deepEqual(got, entries);
  const viewer = new ApiClient({ url: served.server.url, token: await served.token('viewer') });
  assert.equal(await codeOf(viewer.exported('cp_1').next()), 'LG_ACCESS_DENIED');
});

test('events arrive as they are told, until the listener has enough', async () => {
  await using served = await serve();
  const client = new ApiClient({ url: served.server.url, token: await served.token('viewer') });
  const enough = new AbortController();
  const heard: StreamEvent[] = [];
  const first: StreamEvent = { kind: 'run', at, id: 'run_1', state: 'APPLYING' };
  const second: StreamEvent = { kind: 'incident', at, id: 'inc_ü\n', state: 'open' };
  const listening = (async () => {
    for await (const event of client.events({ signal: enough.signal })) {
      heard.push(event);
      if (event.kind === 'incident') enough.abort();
    }
  })();
  // Events before the stream is open go to nobody: tell until the first was heard.
  while (heard.length === 0) {
    served.emit(first);
    await new Promise((resolve) => setImmediate(resolve));
  }
  served.emit(second);
  await assert.rejects(listening, { name: 'AbortError' });
  assert.deepEqual(heard[0], first);
  assert.deepEqual(heard.at(-1), second);
});

test('TLS works with its own authority, and a new certificate needs no restart', async () => {
  const folder = await fs.mkdtemp(join(tmpdir(), 'lg-tls-'));
  const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const install = async (name: string): Promise<string> => {
    await fs.copyFile(join(certificates, `${name}.pem`), tls.cert);
    await fs.copyFile(join(certificates, `${name}.key`), tls.key);
    return fs.readFile(tls.cert, 'utf8');
  };
  const first = await install('first');
  const health = answered({ status: 'ok' as const });
  await using served = await serve({ health }, { tls });
  const { url } = served.server;
  assert.match(url, /^https:/);
  const ask = (authorities?: string): Promise<unknown> =>
    new ApiClient({ url, ...(authorities === undefined ? {} : { authorities }) }).call(
      'health',
      {},
    );
  assert.deepEqual(await ask(first), { status: 'ok' });
  assert.equal(await codeOf(ask()), 'LG_API_DAEMON_UNREACHABLE');

  const second = await install('second');
  assert.ok(served.server.reloadTls().ok);
  assert.deepEqual(await ask(second), { status: 'ok' });
  await fs.copyFile(join(certificates, 'first.key'), tls.key);
  const mismatched = served.server.reloadTls();
  assert.ok(!mismatched.ok);
  assert.equal(mismatched.error.code, 'LG_ACCESS_TLS_INVALID');
  assert.deepEqual(await ask(second), { status: 'ok' }, 'the old certificate stays in use');
  await fs.rm(folder, { recursive: true });
});
