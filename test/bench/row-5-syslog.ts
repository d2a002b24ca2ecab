import type { BenchFigure } from './bench-row.ts';
import type { IngestProcess } from './ingest-client.ts';
import { sendSyslog } from './syslog-load.ts';

/** Messages before the clock starts: the code is compiled by then. */
const WARM_UP = 100_000;

/** Records of one second of CPU time that a day of a large site needs. */
const TARGET = 100_000;

/**
 * Row 5: what it costs to take RFC 5424 over TCP until it is durable, with normalize, align, detect
 * and store at work and the last segment sealed. Stated as CPU-s/M, like row 1, because smaller is
 * better there; 100,000 records a CPU second are 10.
 */
export async function measureSyslog(
  ingest: IngestProcess,
  records: number,
): Promise<readonly BenchFigure[]> {
  const { syslogPort, records: first } = await ingest.facts();
  const startMs = Date.now() - records - WARM_UP;
  await sendSyslog(syslogPort, WARM_UP, startMs);
  await stored(ingest, first + WARM_UP);
  const before = await ingest.facts();
  const began = performance.now();
  const bytes = await sendSyslog(syslogPort, records, startMs + WARM_UP);
  await stored(ingest, before.records + records);
  const wallS = (performance.now() - began) / 1000;
  const after = await ingest.seal();
  const cpuS = after.cpuS - before.cpuS;
  return [
    {
      row: 5,
      what: 'syslog RFC 5424 over TCP, durable',
      value: (cpuS * 1e6) / records,
      unit: 'CPU-s/M',
      target: 1e6 / TARGET,
      anchor: 'Vector 34-41k/s per vCPU',
    },
    { row: 5, what: 'records of a CPU second', value: records / cpuS, unit: '/CPU-s' },
    { row: 5, what: 'bytes a record on the wire', value: bytes / records, unit: 'B' },
    { row: 5, what: 'records a second, wall clock', value: records / wallS, unit: '/s' },
  ];
}

/** Plain syslog has no answer: the store is asked until everything is there, exactly once. */
async function stored(ingest: IngestProcess, records: number): Promise<void> {
  for (;;) {
    const facts = await ingest.facts();
    if (facts.records > records) throw new Error(`${facts.records - records} records too many`);
    if (facts.records === records) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
