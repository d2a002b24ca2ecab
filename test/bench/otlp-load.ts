import { Agent, request } from 'node:http';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Records of one request, as exporters and collectors batch them. */
export const RECORDS_PER_REQUEST = 1000;

/** Services of the measured load; every request comes from one of them. */
export const SERVICES = 20;

/** A time range and how the records lie in it. */
export interface LoadPlan {
  /** Time of the first record, nanoseconds since the epoch. */
  readonly startNs: bigint;
  /** Between two records. */
  readonly stepNs: bigint;
}

const PHRASES: readonly ((n: () => number) => string)[] = [
  (n) => `order ${n() % 1e6} confirmed for customer ${n() % 5000} in ${n() % 300} ms`,
  (n) => `GET /api/v1/catalog/items/${n() % 20_000} completed with status 200 in ${n() % 90} ms`,
  (n) => `payment authorized, amount ${n() % 900}.${n() % 100} EUR, attempt ${n() % 3}`,
  (n) => `cache miss for key session:${n() % 50_000}, loading from the database`,
  (n) => `stock of item ${n() % 20_000} is ${n() % 400}, reserved ${n() % 9}`,
  (n) => `retrying call to inventory after ${n() % 2000} ms: connection reset by peer`,
  () => 'health check passed',
  (n) => `user ${n() % 5000} signed in from 10.${n() % 16}.${n() % 256}.${n() % 256}`,
];

const METHODS = ['Orders.confirm', 'Catalog.read', 'Payment.authorize', 'Stock.reserve'];
const ROUTES = ['/orders', '/orders/{id}', '/catalog/items/{id}', '/cart', '/login', '/health'];

/** A small fast generator (xorshift), seeded: equal runs send equal bytes. */
export function seeded(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

/**
 * Request `number` of a load: 1,000 log records of about 330 bytes with random trace and span ids,
 * as ExportLogsServiceRequest (opentelemetry-proto, logs/v1).
 */
export function logsRequest(number: number, plan: LoadPlan): Uint8Array {
  const random = seeded(number * 2_654_435_761 + 97);
  const service = `service-${number % SERVICES}`;
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).fork();
  attribute(writer, 1, 'service.name', service);
  attribute(writer, 1, 'service.version', '1.4.2');
  attribute(writer, 1, 'host.name', `host-${number % 5}`);
  writer.join().tag(2, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).string('shop.requests').join();
  for (let i = 0; i < RECORDS_PER_REQUEST; i += 1) {
    const index = BigInt(number * RECORDS_PER_REQUEST + i);
    logRecord(writer, plan.startNs + index * plan.stepNs, random);
  }
  return writer.join().join().finish();
}

function logRecord(writer: BinaryWriter, baseNs: bigint, random: () => number): void {
  const time = baseNs + BigInt(random() % 100_000);
  const failed = random() % 50 === 0;
  const phrase = PHRASES[random() % PHRASES.length] ?? ((): string => '');
  writer.tag(2, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.Bit64).fixed64(time);
  writer.tag(2, WireType.Varint).uint32(failed ? 17 : 9);
  writer.tag(3, WireType.LengthDelimited).string(failed ? 'ERROR' : 'INFO');
  writer.tag(5, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).string(phrase(random)).join();
  attribute(writer, 6, 'http.request.method', random() % 4 === 0 ? 'POST' : 'GET');
  attribute(writer, 6, 'http.route', ROUTES[random() % ROUTES.length] ?? '/');
  attribute(writer, 6, 'server.address', `shop-${random() % 4}.example.internal`);
  attribute(writer, 6, 'thread.name', `http-worker-${random() % 16}`);
  attribute(writer, 6, 'code.function.name', `shop.${METHODS[random() % METHODS.length] ?? ''}`);
  writer.tag(9, WireType.LengthDelimited).bytes(randomBytes(16, random));
  writer.tag(10, WireType.LengthDelimited).bytes(randomBytes(8, random));
  // The SDK of JavaScript stamps both times with one reading of the clock.
  writer.tag(11, WireType.Bit64).fixed64(time);
  writer.join();
}

function attribute(writer: BinaryWriter, field: number, key: string, value: string): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).string(key);
  writer.tag(2, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).string(value);
  writer.join().join();
}

function randomBytes(length: number, random: () => number): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < length; at += 4) view.setUint32(at, random());
  return bytes;
}

/** Sends requests `from` to `to`, several at a time on kept connections; throws unless all 200. */
export async function sendLoad(
  url: string,
  plan: LoadPlan,
  from: number,
  to: number,
  perSecond = Number.POSITIVE_INFINITY,
): Promise<{ readonly bytes: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const began = performance.now();
  let next = from;
  let bytes = 0;
  const work = async (): Promise<void> => {
    for (let number = next++; number < to; number = next++) {
      const dueMs = (((number - from) * RECORDS_PER_REQUEST) / perSecond) * 1000;
      const waitMs = began + dueMs - performance.now();
      if (waitMs > 0) await new Promise((wake) => setTimeout(wake, waitMs));
      const body = logsRequest(number, plan);
      bytes += body.length;
      await post(url, body, agent);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  agent.destroy();
  return { bytes };
}

const CONNECTIONS = 4;

function post(url: string, body: Uint8Array, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Length': body.length };
    const call = request(`${url}/v1/logs`, { method: 'POST', headers, agent }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the listener answered ${response.statusCode}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
