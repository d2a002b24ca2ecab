import { once } from 'node:events';
import { connect } from 'node:net';
import { seeded } from './otlp-load.ts';

/** Messages written at once, as a forwarder empties its queue. */
const MESSAGES_PER_WRITE = 500;

/** Senders at the same time, each on a connection of its own. */
const CONNECTIONS = 4;

const PHRASES: readonly ((n: () => number) => string)[] = [
  (n) => `order ${n() % 1e6} confirmed for customer ${n() % 5000} in ${n() % 300} ms`,
  (n) => `GET /api/v1/catalog/items/${n() % 20_000} completed with status 200 in ${n() % 90} ms`,
  (n) =>
    `Accepted publickey for deploy from 10.${n() % 16}.${n() % 256}.${n() % 256} port 4022 ssh2`,
  (n) => `connection from 10.${n() % 16}.${n() % 256}.${n() % 256} closed after ${n() % 2000} ms`,
  () => 'health check passed',
];

/**
 * Messages of RFC 5424 as rsyslog forwards them: 20 programs on 5 hosts, a quarter with structured
 * data, one in fifty an error, each framed by its length (RFC 6587).
 */
export function syslogMessages(number: number, count: number, startMs: number): string {
  const random = seeded(number * 2_654_435_761 + 97);
  const frames: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const ms = startMs + number * count + at;
    const app = random() % 20;
    const priority = 16 * 8 + (random() % 50 === 0 ? 3 : 6);
    const data = random() % 4 === 0 ? '[shop@32473 tenant="eu" tier="gold"]' : '-';
    const micros = String(random() % 1000).padStart(3, '0');
    const stamp = `${new Date(ms).toISOString().slice(0, -1)}${micros}Z`;
    const text = PHRASES[random() % PHRASES.length]?.(random) ?? '';
    const message =
      `<${priority}>1 ${stamp} host-${app % 5}.example.net program-${app} ${1000 + app * 7} ` +
      `ID${random() % 7} ${data} ${text}`;
    frames.push(`${message.length} ${message}`);
  }
  return frames.join('');
}

/** Sends messages over TCP as fast as they are taken; answers how many bytes that were. */
export async function sendSyslog(port: number, messages: number, startMs: number): Promise<number> {
  const writes = Math.ceil(messages / MESSAGES_PER_WRITE);
  let next = 0;
  let bytes = 0;
  const work = async (): Promise<void> => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    for (let number = next++; number < writes; number = next++) {
      const text = syslogMessages(number, MESSAGES_PER_WRITE, startMs);
      bytes += text.length;
      if (!socket.write(text)) await once(socket, 'drain');
    }
    socket.end();
    socket.resume();
    await once(socket, 'close');
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return bytes;
}
