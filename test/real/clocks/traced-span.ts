/** One side of a call, as a tracer sends it. */
export interface TracedSpan {
  readonly host: string;
  readonly service: string;
  readonly kind: 'client' | 'server';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Wall time to the microsecond, as the clock of this process shows it. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Sends a span as OTLP/HTTP JSON; throws unless it was taken. */
export async function sendSpan(port: number, span: TracedSpan): Promise<void> {
  const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1e3)) * 1_000n);
  const attributes = [
    { key: 'host.name', value: { stringValue: span.host } },
    { key: 'service.name', value: { stringValue: span.service } },
  ];
  const { traceId, spanId, parentSpanId } = span;
  const spans = [
    {
      traceId,
      spanId,
      parentSpanId,
      name: 'GET /',
      kind: span.kind === 'server' ? 2 : 3,
      startTimeUnixNano: nanoseconds(span.startMs),
      endTimeUnixNano: nanoseconds(span.endMs),
    },
  ];
  const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }],
    }),
  });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
}
