import { Agent, request } from 'node:http';

/** Records of one request. */
const RECORDS = 200;

/** A rude sender comes again this soon, whatever it was told. */
const AGAIN_MS = 50;

/** What OTLP senders have done. */
export interface OtlpAccount {
  /** Requests answered with 200: their records must be there, once. */
  readonly acknowledged: ReadonlySet<string>;
  /** Requests that were tried, each try by itself. */
  readonly tries: number;
  /** Tries answered with 429 or 503. */
  readonly refused: number;
  /** Records tried, again and again. */
  readonly offered: number;
}

/** Senders at work. */
export interface OtlpSenders {
  account(): OtlpAccount;
  /** Begins no further request; answers once all that were begun are acknowledged. */
  finish(): Promise<OtlpAccount>;
}

/** The `log.record.uid` of each record of a request. */
export function uidsOf(id: string): readonly string[] {
  return Array.from({ length: RECORDS }, (_, n) => `${id}-${n}`);
}

/** Sends from many senders at once, each request until it is acknowledged. */
export function startOtlpSenders(port: number, senders: number): OtlpSenders {
  const acknowledged = new Set<string>();
  const counts = { tries: 0, refused: 0 };
  let isOver = false;
  const agent = new Agent({ keepAlive: true, maxSockets: senders });
  const send = async (id: string): Promise<void> => {
    const body = requestOf(id);
    for (;;) {
      counts.tries += 1;
      const status = await post(agent, port, body);
      if (status === 200) {
        acknowledged.add(id);
        return;
      }
      if (status === 429 || status === 503) counts.refused += 1;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  };
  const work = async (sender: number): Promise<void> => {
    for (let n = 0; !isOver; n += 1) await send(`uid-${sender}-${n}`);
  };
  const all = Promise.all(Array.from({ length: senders }, (_, sender) => work(sender)));
  const account = (): OtlpAccount => ({
    acknowledged,
    ...counts,
    offered: counts.tries * RECORDS,
  });
  return {
    account,
    async finish() {
      isOver = true;
      await all;
      agent.destroy();
      return account();
    },
  };
}

function requestOf(id: string): string {
  const records = uidsOf(id).map(
    (uid) =>
      `{"severityNumber":9,"body":{"stringValue":"${uid} order confirmed in 12 ms"},"attributes":` +
      `[{"key":"log.record.uid","value":{"stringValue":"${uid}"}}]}`,
  );
  const service = '{"key":"service.name","value":{"stringValue":"overload"}}';
  return (
    `{"resourceLogs":[{"resource":{"attributes":[${service}]},` +
    `"scopeLogs":[{"logRecords":[${records.join(',')}]}]}]}`
  );
}

/** The status of the answer; 0 when there was none. */
function post(agent: Agent, port: number, body: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const options = { host: '127.0.0.1', port, path: '/v1/logs', method: 'POST', headers, agent };
    const asked = request(options, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', () => resolve(0));
    });
    asked.once('error', () => resolve(0));
    // As the exporters of OpenTelemetry give up.
    asked.setTimeout(10_000, () => asked.destroy());
    asked.end(body);
  });
}
