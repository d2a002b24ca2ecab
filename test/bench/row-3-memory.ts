import type { BenchFigure } from './bench-row.ts';
import type { IngestFacts } from './ingest-client.ts';

const MB = 1e6;

/** Row 3: memory of the evidence plane while it took the load. */
export function measureMemory(facts: IngestFacts): readonly BenchFigure[] {
  const records = `${(facts.records / 1e6).toFixed(1)} M records`;
  return [
    {
      row: 3,
      what: `peak resident memory, ${records}`,
      value: facts.rssPeakBytes / MB,
      unit: 'MB',
      target: 400,
      anchor: 'VictoriaLogs 220, Loki 600',
    },
    {
      row: 3,
      what: 'peak of hot rows and decrypted segments in memory files',
      value: facts.memoryFilePeakBytes / MB,
      unit: 'MB',
      target: 200,
    },
    { row: 3, what: 'peak of both together', value: facts.totalPeakBytes / MB, unit: 'MB' },
  ];
}
