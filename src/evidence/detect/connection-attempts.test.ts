import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptEdges, ConnectionAttempts } from './connection-attempts.ts';

const CLIENT = ['10.0.0.9', 40_000] as const;
const SERVER = ['10.0.0.2', 80] as const;

type End = readonly [address: string, port: number];

function packet(from: End, to: End, ...flags: readonly string[]): string {
  return JSON.stringify({
    'destination.address': to[0],
    'destination.port': to[1],
    'network.tcp.flags': flags,
    'source.address': from[0],
    'source.port': from[1],
  });
}

const START = Date.UTC(2026, 10, 20, 14, 0);

/** Packets by second, client or server, with their flags. */
function counted(lines: readonly string[]): unknown {
  const attempts = new ConnectionAttempts();
  for (const line of lines) {
    const [second, who, port, ...flags] = line.split(' ');
    const client = [CLIENT[0], Number(port)] as const;
    const [from, to] = who === 'client' ? [client, SERVER] : [SERVER, client];
    attempts.note(packet(from, to, ...flags), START + Number(second) * 1000);
  }
  return attempts
    .counts(START)
    .map(({ calls, refused, unanswered, repeats }) => ({ calls, refused, unanswered, repeats }));
}

test('a reset in answer to the opening of a connection refuses it, one later does not', () => {
  const lines = [
    '0 client 1 SYN',
    '0.01 server 1 RST ACK',
    '1 client 2 SYN',
    '1.01 server 2 SYN ACK',
  ];
  assert.deepEqual(counted([...lines, '1.02 client 2 ACK', '9 server 2 RST']), [
    { calls: 2, refused: 1, unanswered: 0, repeats: 0 },
  ]);
});

test('what is sent again and again and never answered is one attempt without an answer', () => {
  const lines = ['0 client 1 SYN', '1 client 1 SYN', '3 client 1 SYN', '7 client 1 SYN'];
  assert.deepEqual(counted(lines), [{ calls: 1, refused: 0, unanswered: 1, repeats: 3 }]);
});

test('at the end of a capture the answer may be on its way', () => {
  assert.deepEqual(counted(['0 client 1 SYN', '0.5 client 2 SYN', '0.6 server 2 SYN ACK']), [
    { calls: 2, refused: 0, unanswered: 0, repeats: 0 },
  ]);
});

test('a packet that two interfaces saw is one, before and after it was answered', () => {
  const lines = ['0 client 1 SYN', '0.0001 client 1 SYN', '0.01 server 1 SYN ACK'];
  assert.deepEqual(
    counted([...lines, '0.011 client 1 SYN', '0.012 server 1 SYN ACK', '9 client 1 ACK']),
    [{ calls: 1, refused: 0, unanswered: 0, repeats: 0 }],
  );
});

test('attempts become calls between who is behind the addresses, in both windows', () => {
  const attempts = new ConnectionAttempts();
  for (const [second, port, flag] of [
    [-60, 1, 'SYN,ACK'],
    [5, 2, 'RST,ACK'],
    [9, 3, 'RST,ACK'],
  ] as const) {
    attempts.note(packet([CLIENT[0], port], SERVER, 'SYN'), START + second * 1000);
    attempts.note(packet(SERVER, [CLIENT[0], port], ...flag.split(',')), START + second * 1000 + 1);
  }
  const edges = attemptEdges(attempts.counts(START), (address, port) =>
    port === 80 ? 'shop' : address,
  );
  assert.deepEqual(edges, [
    {
      from: '10.0.0.9',
      to: 'shop',
      before: { calls: 1, errors: 0, refused: 0, served: 1, servedErrors: 0 },
      during: { calls: 2, errors: 2, refused: 2, served: 0, servedErrors: 0 },
      firstErrorAt: '2026-11-20T14:00:05.000000000Z',
    },
  ]);
});
