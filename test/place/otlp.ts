import { request } from 'node:http';

/** Sends log lines as OTLP/HTTP JSON; answers the status, 0 when the connection broke. */
export function sendLogs(
  port: number,
  bodies: readonly string[],
  service = 'shop',
  severityNumber = 9,
): Promise<number> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const records = bodies.map((body, index) => ({
    timeUnixNano: String(now + BigInt(index)),
    severityNumber,
    body: { stringValue: body },
  }));
  const name = { key: 'service.name', value: { stringValue: service } };
  const document = {
    resourceLogs: [{ resource: { attributes: [name] }, scopeLogs: [{ logRecords: records }] }],
  };
  return new Promise((resolve) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: '/v1/logs',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        agent: false,
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', () => resolve(0));
      },
    );
    asked.once('error', () => resolve(0));
    asked.end(JSON.stringify(document));
  });
}
