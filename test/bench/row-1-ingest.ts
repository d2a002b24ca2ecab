import type { BenchFigure } from './bench-row.ts';
import type { IngestProcess } from './ingest-client.ts';
import { RECORDS_PER_REQUEST, sendLoad, type LoadPlan } from './otlp-load.ts';

/** Requests before the clock starts: the code is compiled by then. */
export const WARM_UP_REQUESTS = 100;

/**
 * Row 1: what it costs to take logs over OTLP/HTTP, answered only when durable, with normalize,
 * align, detect and store at work. Sealing is part of it: the last segment is sealed in the end.
 */
export async function measureIngest(
  ingest: IngestProcess,
  plan: LoadPlan,
  requests: number,
): Promise<readonly BenchFigure[]> {
  const { url } = await ingest.facts();
  await sendLoad(url, plan, 0, WARM_UP_REQUESTS);
  const before = await ingest.facts();
  const began = performance.now();
  const { bytes } = await sendLoad(url, plan, WARM_UP_REQUESTS, requests);
  const wallS = (performance.now() - began) / 1000;
  const after = await ingest.seal();
  const records = (requests - WARM_UP_REQUESTS) * RECORDS_PER_REQUEST;
  const millions = records / 1e6;
  return [
    {
      row: 1,
      what: 'ingest OTLP/HTTP logs, durable',
      value: (after.cpuS - before.cpuS) / millions,
      unit: 'CPU-s/M',
      target: 6.7,
      anchor: 'VictoriaLogs 8.0, Loki 10.8',
    },
    { row: 1, what: 'bytes a record on the wire', value: bytes / records, unit: 'B' },
    { row: 1, what: 'records a second, wall clock', value: records / wallS, unit: '/s' },
  ];
}
