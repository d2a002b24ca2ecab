import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { silentLog } from '../../../../base/log.ts';
import { unwrap } from '../../../../base/result.ts';
import { looseText } from '../../../../base/text-slice.ts';
import type { RecordBatchBuilder } from '../../../../model/record/record-batch.ts';
import type { Shed } from '../../../../model/evidence/store-status.ts';
import type { Reject } from '../../../../model/record/timeline-record.ts';
import type { MessageOrigin, MessageReader } from '../../../../ports/normalizer.ts';
import type { RunningSource, SourceContext } from '../../../../ports/source.ts';
import type { Clock } from '../../../../ports/clock.ts';
import type { TelemetryStore } from '../../../../ports/telemetry-store.ts';
import type { SyslogSourceParts } from '../listener-parts.ts';
import { createSyslogSource } from '../syslog-source.ts';
import { syslogSpecSchema } from '../syslog-spec.ts';

/** What a test brings: where records go, and the time. */
export interface ListenerWorld {
  readonly store: Pick<TelemetryStore, 'append'>;
  readonly clock: Clock;
}

/** A listener at work whose way to the store can be shut, for tests. */
export interface ListenerFixture {
  readonly running: RunningSource;
  readonly rejects: readonly Reject[];
  readonly shed: readonly Shed[];
  readonly port: number;
  /** Nothing becomes durable until `open` is called. */
  shut(): void;
  open(): void;
  connect(): Promise<Socket>;
}

/** Starts a listener; what lines mean is tested where they are normalized. */
export async function startListener(
  { store, clock }: ListenerWorld,
  settings: Readonly<Record<string, unknown>>,
  parts: Partial<SyslogSourceParts> = {},
): Promise<ListenerFixture> {
  const rejects: Reject[] = [];
  const shed: Shed[] = [];
  const door = { opened: Promise.resolve(), open: (): void => undefined };
  const context: SourceContext = {
    id: 'syslog-test',
    clock,
    log: silentLog,
    deliver: async (batch, origin) => {
      await door.opened;
      return store.append(batch, { source: 'syslog-test', ...origin });
    },
    position: () => undefined,
    reject: (reject) => rejects.push(reject),
    shed: (records, why) => records > 0 && shed.push({ records, why }),
    refuse: () => undefined,
  };
  const source = createSyslogSource({
    readerOf: () => lineReader,
    originOf: (address) => ({ address, resource: {} }),
    ...parts,
  });
  const spec = syslogSpecSchema.parse({ port: 0, ...settings });
  const running = unwrap(await source.start(spec, context));
  const port = Number(new URL(running.status().target).port);
  return {
    running,
    rejects,
    shed,
    port,
    shut: () => {
      door.opened = new Promise((resolve) => {
        door.open = resolve;
      });
    },
    open: () => door.open(),
    async connect() {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      socket.resume();
      return socket;
    },
  };
}

function add(body: string, origin: MessageOrigin, ns: bigint, into: RecordBatchBuilder): void {
  const attributes = JSON.stringify({ 'source.address': origin.address });
  into.add({ kind: 'log', observedNs: ns, source: 'syslog-test', body, attributes });
}

/** Each line, or each datagram, is a record as it stands. */
const lineReader: MessageReader = {
  add: (bytes, origin, observedNs, into) => add(looseText(bytes), origin, observedNs, into),
  stream(origin) {
    let held = '';
    let taken = 0;
    return {
      get isInside() {
        return held !== '';
      },
      get taken() {
        return taken;
      },
      push(bytes, observedNs, into) {
        const lines = (held + looseText(bytes)).split('\n');
        held = lines.pop() ?? '';
        taken += lines.length;
        for (const line of lines) add(line, origin, observedNs, into);
      },
      end(observedNs, into) {
        if (held !== '') add(held, origin, observedNs, into);
        held = '';
      },
    };
  },
};
