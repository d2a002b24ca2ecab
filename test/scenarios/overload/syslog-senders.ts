import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How often a sender writes what has come due. */
const WRITE_MS = 50;

/** A sender of syslog at work. */
export interface SyslogSender {
  /** Stops it; answers how many messages it sent. */
  finish(): Promise<number>;
}

/** Sends numbered messages over TCP while they are taken; comes back when it is cut off. */
export function startTcpSender(port: number, perSecond: number): SyslogSender {
  const each = Math.ceil((perSecond * WRITE_MS) / 1_000);
  let isOver = false;
  let sent = 0;
  const write = async (socket: Socket): Promise<void> => {
    const lines = Array.from({ length: each }, (_, n) => `<14>tcp-${sent + n} stored\n`);
    sent += each;
    if (!socket.write(lines.join(''))) await once(socket, 'drain');
  };
  const connected = async (): Promise<void> => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.resume();
    const gone = once(socket, 'close');
    socket.on('error', () => undefined);
    while (!isOver && !socket.destroyed) {
      await Promise.race([write(socket), gone]);
      await new Promise((resolve) => setTimeout(resolve, WRITE_MS));
    }
    socket.end();
    await gone;
  };
  const all = (async () => {
    while (!isOver) {
      await connected().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, WRITE_MS));
    }
  })();
  return {
    async finish() {
      isOver = true;
      await all;
      return sent;
    },
  };
}

/** Sends numbered datagrams, so many a second, whether somebody listens or not. */
export function startUdpSender(port: number, perSecond: number): SyslogSender {
  const each = Math.ceil((perSecond * WRITE_MS) / 1_000);
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  let sent = 0;
  const timer = setInterval(() => {
    for (let n = 0; n < each; n += 1) {
      socket.send(`<14>udp-${sent} stored or shed`, port, '127.0.0.1');
      sent += 1;
    }
  }, WRITE_MS);
  return {
    async finish() {
      clearInterval(timer);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
      return sent;
    },
  };
}
