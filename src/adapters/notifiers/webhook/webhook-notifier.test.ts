import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import {
  testNotifier,
  type NotifierSubject,
  type ReceiverMood,
} from '../../../testing/notifier-conformance.ts';
import type { Notice } from '../../../ports/notifier.ts';
import { createWebhookNotifier } from './webhook-notifier.ts';

const SECRET_PATH = '/hooks/T0PSECRET';
const TOKEN = 'Bearer s3cr3t-token';

/** What the receiver got. */
interface Received {
  readonly headers: http.IncomingHttpHeaders;
  readonly path: string;
  readonly body: string;
}

/** A real HTTP receiver of notices. */
class Receiver {
  readonly received: Received[] = [];
  answer: (response: http.ServerResponse) => void = (response) => response.writeHead(204).end();
  readonly #server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      this.received.push({ headers: request.headers, path: request.url ?? '', body });
      this.answer(response);
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return portOf(this.#server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function portOf(server: Server | http.Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const MOODS: Readonly<Record<ReceiverMood, (response: http.ServerResponse) => void>> = {
  accepting: (response) => response.writeHead(200).end('ok'),
  busy: (response) => response.writeHead(503).end('come back later'),
  refusing: (response) => response.writeHead(404).end('no such hook'),
  silent: () => undefined,
  gone: (response) => response.destroy(),
};

async function subject(): Promise<NotifierSubject> {
  const receiver = new Receiver();
  await receiver.start();
  const url = `http://127.0.0.1:${receiver.port}${SECRET_PATH}`;
  let mood: ReceiverMood = 'accepting';
  const taken: string[] = [];
  receiver.answer = (response) => {
    if (mood === 'accepting') taken.push(idOf(receiver.received.at(-1)?.body ?? ''));
    MOODS[mood](response);
  };
  return {
    notifier: createWebhookNotifier({ url, headers: { authorization: TOKEN } }),
    secrets: [SECRET_PATH, 's3cr3t-token'],
    async become(wanted) {
      mood = wanted;
      if (wanted === 'gone') await receiver.stop();
    },
    taken: () => taken,
    remove: () => receiver.stop().catch(() => undefined),
  };
}

function idOf(body: string): string {
  const parsed: unknown = JSON.parse(body);
  const isNotice = typeof parsed === 'object' && parsed !== null && 'id' in parsed;
  return isNotice ? String(parsed.id) : '';
}

testNotifier('webhook', subject);

const notice: Notice = {
  kind: 'rollback',
  urgency: 'info',
  title: 'rolled back',
  text: 'ünïcode “quotes”',
  at: '2026-11-20T14:02:13.000000000Z',
  id: 'notice_7',
};

const receiver = new Receiver();
before(() => receiver.start());
after(() => receiver.stop());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = (response) => response.writeHead(204).end();
});

const never = new AbortController().signal;
const urlOf = (port: number): string => `http://127.0.0.1:${port}${SECRET_PATH}`;

async function codeOf(url: string, timeoutMs?: number): Promise<string> {
  const settings = { url, headers: { authorization: TOKEN } };
  const notifier = createWebhookNotifier(
    timeoutMs === undefined ? settings : { ...settings, timeoutMs },
  );
  const told = await notifier.notify(notice, never);
  if (told.ok) return 'ok';
  assert.ok(!told.error.message.includes('T0PSECRET'), told.error.message);
  assert.ok(!told.error.message.includes('s3cr3t'), told.error.message);
  return `${told.error.code}: ${told.error.detail.replace(/:\d+/, ':PORT')}`;
}

test('the body is the notice, and the receiver can check that it comes from us', async () => {
  const url = urlOf(receiver.port);
  const notifier = createWebhookNotifier({ url, secret: 'key', headers: { authorization: TOKEN } });
  assert.deepEqual(await notifier.notify(notice, never), { ok: true, value: undefined });
  const [got] = receiver.received;
  assert.deepEqual(JSON.parse(got?.body ?? ''), notice);
  assert.equal(got?.path, SECRET_PATH);
  assert.equal(got?.headers['content-type'], 'application/json');
  assert.equal(got?.headers['idempotency-key'], 'notice_7');
  assert.equal(got?.headers.authorization, TOKEN);
  const signature = createHmac('sha256', 'key')
    .update(got?.body ?? '')
    .digest('hex');
  assert.equal(got?.headers['x-lastgood-signature-256'], `sha256=${signature}`);
});

test('a redirect is refused: headers and signature go nowhere else', async () => {
  receiver.answer = (response) =>
    response.writeHead(302, { location: `http://127.0.0.1:${receiver.port}/elsewhere` }).end();
  const seen = 'LG_NOTIFY_REFUSED: 127.0.0.1:PORT answered 302; redirects are not followed';
  assert.equal(await codeOf(urlOf(receiver.port)), seen);
  assert.equal(receiver.received.length, 1);
});

test('too many requests is no refusal', async () => {
  receiver.answer = (response) => response.writeHead(429).end();
  assert.equal(await codeOf(urlOf(receiver.port)), 'LG_NOTIFY_BUSY: 127.0.0.1:PORT answered 429');
});

test('a receiver that is slow is given up after the timeout', async () => {
  receiver.answer = () => undefined;
  const seen = 'LG_NOTIFY_UNREACHABLE: 127.0.0.1:PORT did not answer within 50 ms';
  assert.equal(await codeOf(urlOf(receiver.port), 50), seen);
});

test('an answer without an end does not hold the notifier', async () => {
  receiver.answer = (response) => {
    response.writeHead(200);
    response.write('x'.repeat(1000));
  };
  assert.equal(await codeOf(urlOf(receiver.port)), 'ok');
});

/** A server that answers every connection with the same bytes. */
async function withSocketServer(
  onConnection: (socket: Socket) => void,
  run: (port: number) => Promise<void>,
): Promise<void> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(portOf(server));
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a receiver that speaks no HTTP may be asked again', async () => {
  await withSocketServer(
    (socket) => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n'),
    async (port) => assert.match(await codeOf(urlOf(port)), /^LG_NOTIFY_UNREACHABLE: the call to/),
  );
});

test('a port where nobody listens is named with its error', async () => {
  let port = 0;
  await withSocketServer(
    (socket) => socket.destroy(),
    async (free) => void (port = free),
  );
  const refused = await new Promise<boolean>((resolve) => {
    connect(port, '127.0.0.1')
      .on('error', () => resolve(true))
      .on('connect', () => resolve(false));
  });
  assert.ok(refused);
  const seen = 'LG_NOTIFY_UNREACHABLE: the call to 127.0.0.1:PORT failed: ECONNREFUSED';
  assert.equal(await codeOf(urlOf(port)), seen);
});

test('a URL that is none is reported without quoting it', async () => {
  const seen = 'LG_NOTIFY_UNREACHABLE: the call to a URL that is none failed: ERR_INVALID_URL';
  assert.equal(await codeOf(`no url${SECRET_PATH}`), seen);
});
