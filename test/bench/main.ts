import * as fs from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { printFigures, type BenchFigure } from './bench-row.ts';
import { startIngest } from './ingest-client.ts';
import { RECORDS_PER_REQUEST, type LoadPlan } from './otlp-load.ts';
import { measureDisk } from './row-2-disk.ts';
import { measureIngest } from './row-1-ingest.ts';
import { measureMemory } from './row-3-memory.ts';
import { measureQueries } from './row-4-queries.ts';
import { measureSyslog } from './row-5-syslog.ts';
import { measureClocks } from './row-14-clocks.ts';
import { measureCheckpoints } from './row-15-checkpoint.ts';
import { measureRollbacks } from './row-16-rollback.ts';
import { measureOverload } from './row-20-overload.ts';

/**
 * `npm run bench` measures rows 1 to 5 with 1.5 M records, 14 and 15; `--full` takes 10 M,
 * `--records N` any number, `--rows 1,2` only some. Rows 16 and 20 are measured only when they are
 * named: 16 in the lab, as root; 20 for `--minutes N`, counting all it stored in the end. Prints a
 * table and writes bench/results/latest.json.
 */
const options = {
  records: valueOf('--records', process.argv.includes('--full') ? 10_000_000 : 1_500_000),
  minutes: Number(textOf('--minutes', process.argv.includes('--full') ? '10' : '2')),
  rows: textOf('--rows', '1,2,3,4,5,14,15').split(',').map(Number),
};

const figures: BenchFigure[] = [speedOfHost('before')];
if (options.rows.some((row) => row <= 4)) figures.push(...(await storeRows()));
if (options.rows.includes(5)) figures.push(...(await syslogRow()));
if (options.rows.includes(14)) figures.push(...measureClocks());
if (options.rows.includes(15)) figures.push(...(await checkpointRow()));
if (options.rows.includes(16)) figures.push(...(await measureRollbacks()));
if (options.rows.includes(20)) figures.push(...(await measureOverload(options.minutes)));

figures.push(speedOfHost('after'));
console.log(printFigures(figures));
const results = `${import.meta.dirname}/../../bench/results`;
await fs.mkdir(results, { recursive: true });
const host = { cpu: cpus()[0]?.model, threads: cpus().length, node: process.version };
const report = { at: new Date().toISOString(), host, options, figures };
await fs.writeFile(`${results}/latest.json`, `${JSON.stringify(report, null, 2)}\n`);

async function storeRows(): Promise<readonly BenchFigure[]> {
  const requests = Math.ceil(options.records / RECORDS_PER_REQUEST);
  // The records end now and come 1,667 a second, so that 10 M of them fill 100 minutes.
  const stepNs = 600_000n;
  const spanNs = BigInt(requests * RECORDS_PER_REQUEST) * stepNs;
  const plan: LoadPlan = { startNs: BigInt(Date.now()) * 1_000_000n - spanNs, stepNs };
  const ingest = await startIngest();
  const ingested = await measureIngest(ingest, plan, requests);
  const facts = await ingest.facts();
  const rows = [...ingested, ...measureDisk(facts), ...measureMemory(facts)];
  if (options.rows.includes(4)) {
    rows.push(...(await measureQueries(ingest, plan, requests)));
    const after = await ingest.facts();
    const value = after.totalPeakBytes / 1e6;
    rows.push({ row: 3, what: 'peak of both together, queries included', value, unit: 'MB' });
  }
  await ingest.stop();
  return rows.filter(({ row }) => options.rows.includes(row));
}

async function syslogRow(): Promise<readonly BenchFigure[]> {
  const ingest = await startIngest();
  const rows = await measureSyslog(ingest, options.records);
  await ingest.stop();
  return rows;
}

async function checkpointRow(): Promise<readonly BenchFigure[]> {
  const { times, ratios, skipped } = await measureCheckpoints();
  for (const why of skipped) console.log(`SKIPPED in row 15: ${why}`);
  return [
    ...times.map(({ tool, stage, wallS, cpuS }) => ({
      row: 15,
      what: `${stage}: ${tool}, ${cpuS.toFixed(1)} CPU-s`,
      value: wallS,
      unit: 's',
    })),
    ...ratios.flatMap(({ stage, against, wall, cpu }) => [
      { row: 15, what: `${stage} wall`, value: wall, unit: `x ${against}`, target: 1 },
      { row: 15, what: `${stage} CPU`, value: cpu, unit: `x ${against}`, target: 1 },
    ]),
  ];
}

/** How fast the host is at this moment: other work on it makes every figure worse alike. */
function speedOfHost(when: string): BenchFigure {
  const bytes = Buffer.alloc(16e6, 1);
  const rounds = 16;
  const before = process.cpuUsage();
  const hash = createHash('sha256');
  for (let round = 0; round < rounds; round += 1) hash.update(bytes);
  hash.digest();
  const { user, system } = process.cpuUsage(before);
  const value = (rounds * bytes.length) / (user + system);
  return { row: 0, what: `SHA-256 ${when}, 780 on a quiet host`, value, unit: 'MB/CPU-s' };
}

function textOf(name: string, otherwise: string): string {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

function valueOf(name: string, otherwise: number): number {
  const value = Number(textOf(name, String(otherwise)));
  if (!Number.isInteger(value) || value < 200_000) throw new Error(`${name} wants 200000 or more`);
  return value;
}
