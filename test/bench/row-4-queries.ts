import { median, type BenchFigure } from './bench-row.ts';
import type { IngestCall, IngestProcess } from './ingest-client.ts';
import {
  logsRequest,
  RECORDS_PER_REQUEST,
  sendLoad,
  SERVICES,
  type LoadPlan,
} from './otlp-load.ts';

type TimedCall = Extract<IngestCall, { kind: 'query' | 'density' }>;

/** One of the five questions of row 4. */
interface Question {
  readonly what: string;
  readonly call: TimedCall;
  readonly targetMs: number;
  readonly anchor: string;
}

/** Runs of each question; the first ones are not counted. */
const RUNS = 9;
const WARM_RUNS = 2;

/** Records a second sent meanwhile in the second round; answers may take twice as long then. */
const BUSY_PER_SECOND = 20_000;
const BUSY_FACTOR = 2;

const QUARTER_NS = 15n * 60n * 1_000_000_000n;

/** Row 4: warm median of the questions people ask, at rest and while records come in. */
export async function measureQueries(
  ingest: IngestProcess,
  plan: LoadPlan,
  requests: number,
): Promise<readonly BenchFigure[]> {
  const questions = questionsOf(plan, requests);
  const figures: BenchFigure[] = [];
  for (const question of questions) figures.push(await ask(ingest, question, false));
  const { url } = await ingest.facts();
  const load = { on: true };
  const busy = keepSending(url, plan, requests, load);
  for (const question of questions) figures.push(await ask(ingest, question, true));
  load.on = false;
  await busy;
  return figures;
}

async function keepSending(
  url: string,
  plan: LoadPlan,
  requests: number,
  load: { readonly on: boolean },
): Promise<void> {
  const chunk = BUSY_PER_SECOND / RECORDS_PER_REQUEST;
  for (let from = requests; load.on; from += chunk) {
    await sendLoad(url, plan, from, from + chunk, BUSY_PER_SECOND);
  }
}

async function ask(
  ingest: IngestProcess,
  { what, call, targetMs, anchor }: Question,
  isBusy: boolean,
): Promise<BenchFigure> {
  const times: number[] = [];
  for (let run = 0; run < RUNS + WARM_RUNS; run += 1) {
    const tookMs = await ingest.time(call);
    if (run >= WARM_RUNS) times.push(tookMs);
  }
  const name = isBusy ? `${what}, while ingesting 20k/s` : what;
  const target = isBusy ? BUSY_FACTOR * targetMs : targetMs;
  return { row: 4, what: name, value: median(times), unit: 'ms', target, anchor };
}

function questionsOf(plan: LoadPlan, requests: number): readonly Question[] {
  const records = BigInt(requests * RECORDS_PER_REQUEST);
  const endNs = plan.startNs + records * plan.stepNs;
  const quarter = { from: String(endNs - QUARTER_NS), to: String(endNs) };
  const components = [`service-${Math.floor(SERVICES / 2)}`];
  const query = (rest: object, atLeast: number): TimedCall => ({
    kind: 'query',
    query: rest,
    atLeast,
  });
  return [
    {
      what: 'newest 200 of a component in 15 min',
      call: query({ components, ...quarter }, 200),
      targetMs: 20,
      anchor: 'one DuckDB file 36, prototype 17',
    },
    {
      what: 'one trace anywhere',
      call: query({ traceId: someTrace(plan, Math.floor(requests / 3)) }, 1),
      targetMs: 20,
      anchor: 'one DuckDB file 72, prototype 95',
    },
    {
      what: 'substring in 15 min',
      call: query({ text: 'Customer 4999 in 7', ...quarter }, 0),
      targetMs: 50,
      anchor: 'one DuckDB file 92, prototype 42',
    },
    {
      what: 'substring everywhere, rare',
      call: query({ text: 'Order 48213 confirmed' }, 0),
      targetMs: 350,
      anchor: 'one DuckDB file 1484, prototype 330',
    },
    {
      what: '10 s histogram of everything',
      call: { kind: 'density', bucketMs: 10_000 },
      targetMs: 60,
      anchor: 'one DuckDB file 244, prototype 173',
    },
  ];
}

/** The trace id of the first record of a request: it stands behind its tag and length. */
function someTrace(plan: LoadPlan, number: number): string {
  const bytes = Buffer.from(logsRequest(number, plan));
  const at = bytes.indexOf(Buffer.from([(9 << 3) | 2, 16]));
  return bytes.subarray(at + 2, at + 18).toString('hex');
}
