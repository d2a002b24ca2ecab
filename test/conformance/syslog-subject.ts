import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createSyslogSource } from '../../src/adapters/sources/syslog/syslog-source.ts';
import { createEntityResolver } from '../../src/evidence/align/resolve-entity.ts';
import { createSyslogReader } from '../../src/evidence/normalize/syslog/syslog-reader.ts';
import type { RunningSource } from '../../src/ports/source.ts';
import type { SourceSubject } from '../../src/testing/source-conformance.ts';

const resolve = createEntityResolver();

const GARBAGE = Buffer.from(
  '00 \n9 <\x00<<>>\n<999>1 x\n<1>1 - - - - - [\n\xff\xfe\n7777777 <',
  'latin1',
);

/** A priority that there is not: never a record, whatever it comes in. */
const UNTRUE = Buffer.from('<999>1 x\n');

/** A syslog listener for the conformance suite, with senders as they are used in the field. */
export function syslogSubject(transport: 'udp' | 'tcp', isCounted: boolean): SourceSubject {
  const frame = (text: string): string => {
    const message = `<14>1 - web1 app - - - ${text}`;
    return transport === 'udp'
      ? message
      : isCounted
        ? `${message.length} ${message}`
        : `${message}\n`;
  };
  const send = transport === 'udp' ? sendDatagrams : sendStream;
  return {
    source: createSyslogSource({
      readerOf: (source, reject) => createSyslogReader({ source, resolve, reject }),
      originOf: (address) => ({ address, resource: {} }),
    }),
    settings: { transport, address: '127.0.0.1', port: 0 },
    send: (running, texts) =>
      send(
        running,
        texts.map((text) => Buffer.from(frame(text))),
      ),
    sendGarbage: (running) =>
      send(running, [GARBAGE, Buffer.alloc(0), GARBAGE.subarray(3), UNTRUE]),
    remove: () => Promise.resolve(),
  };
}

function portOf(running: RunningSource): number {
  return Number(new URL(running.status().target).port);
}

async function sendStream(running: RunningSource, pieces: readonly Buffer[]): Promise<void> {
  const socket = connect(portOf(running), '127.0.0.1');
  await once(socket, 'connect');
  socket.resume();
  socket.end(Buffer.concat(pieces));
  await once(socket, 'close');
}

async function sendDatagrams(running: RunningSource, pieces: readonly Buffer[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const piece of pieces) {
    await new Promise<void>((resolve, reject) => {
      socket.send(piece, portOf(running), '127.0.0.1', (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }
  socket.close();
}
