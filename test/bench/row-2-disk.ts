import type { BenchFigure } from './bench-row.ts';
import type { IngestFacts } from './ingest-client.ts';

/** Row 2: bytes on disk after sealing, encrypted, with everything the catalogue keeps. */
export function measureDisk(facts: IngestFacts): readonly BenchFigure[] {
  return [
    {
      row: 2,
      what: 'disk, sealed and encrypted, catalogue included',
      value: (facts.segmentBytes + facts.catalogueBytes) / facts.records,
      unit: 'B/record',
      target: 42,
      anchor: 'VictoriaLogs 69, ClickHouse 45, sorted Parquet 40.5',
    },
    {
      row: 2,
      what: 'of that the catalogue',
      value: facts.catalogueBytes / facts.records,
      unit: 'B/record',
    },
  ];
}
