import { createServer } from 'node:http';
import { sendSpan, wallMs } from '../traced-span.ts';

/** A server on a host named `far`, which sends a span for each call to the port it is given. */
const otlpPort = Number(process.argv[2]);
const server = createServer((request, response) => {
  const startMs = wallMs();
  const [, traceId = '', parentSpanId = ''] = String(request.headers['traceparent']).split('-');
  const spanId = (BigInt(`0x${parentSpanId}`) ^ 1n).toString(16).padStart(16, '0');
  const endMs = wallMs();
  const span = { host: 'far', service: 'payment', kind: 'server', traceId, spanId } as const;
  response.end();
  void sendSpan(otlpPort, { ...span, parentSpanId, startMs, endMs });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(address?.port);
});
