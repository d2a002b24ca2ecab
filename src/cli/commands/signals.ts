import { parseDuration } from '../../base/time.ts';
import { utf8 } from '../../base/bytes.ts';
import type { FeatureRow } from '../../model/record/feature-row.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { addExamples } from '../example.ts';
import { csvLine } from '../export/csv-line.ts';
import { ExportedFile } from '../export/exported-file.ts';
import type { AddCommand, Invocation } from '../invocation.ts';
import { remoteDaemon } from '../remote/remote-daemon.ts';
import { harmless, paint } from '../screen/paint.ts';
import { showTable } from '../screen/table.ts';
import { timeRange, type TimeRangeOptions } from './time-range.ts';

interface SignalOptions extends TimeRangeOptions {
  readonly features?: string;
  readonly bucket?: string;
  readonly component?: string;
}

/** An hour of 10 s is what a person looks at first. */
const FEATURES_SINCE = '1h';

/** `lastgood signals`: what fired and cleared; with --features the numbers behind it. */
export const addSignals: AddCommand = (program, bind) => {
  addExamples(program.command('signals'), [
    'signals',
    'signals --features last-day.csv --since 1d --bucket 1m',
  ])
    .description('what fired and cleared, newest first')
    .option('--component <names>', 'separated by commas')
    .option('--features <file>', 'write what detection counts, per bucket and component, as CSV')
    .option('--bucket <duration>', 'with --features: width of a bucket, 10s when absent')
    .option('--since <duration>', `with --features: only the last 15m, 2h, … (${FEATURES_SINCE})`)
    .option('--from <time>', 'with --features: RFC 3339, inclusive')
    .option('--to <time>', 'with --features: RFC 3339, exclusive')
    .action(
      bind(async (invocation, options: SignalOptions) =>
        options.features === undefined
          ? await listSignals(invocation, options)
          : await writeFeatures(invocation, options, options.features),
      ),
    );
};

async function listSignals(invocation: Invocation, options: SignalOptions): Promise<0> {
  const { bucket, since, from, to, component } = options;
  if ([bucket, since, from, to].some((option) => option !== undefined)) {
    throw usage('--bucket, --since, --from and --to belong to --features FILE');
  }
  const { screen, signal } = invocation;
  const input = component === undefined ? {} : { component };
  const answer = await remoteDaemon(invocation).call('signalList', input, { signal });
  if (screen.isJson) screen.json(answer);
  else {
    showTable(
      screen,
      'no signals',
      ['AT (UTC)', 'PHASE', 'TRIGGER', 'COMPONENT', 'WHY'],
      answer.signals.map((one) => [
        one.at.slice(0, 19),
        paint(screen, one.phase === 'raised' ? 'bad' : 'good', one.phase),
        one.trigger,
        harmless(one.component),
        harmless(one.reason),
      ]),
    );
  }
  return 0;
}

/** The columns of the file: every member of a row. */
const COLUMNS = [
  'time',
  'component',
  'logs',
  'warnings',
  'errors',
  'events',
  'alerts',
  'spans',
  'failedSpans',
  'spanP50Ms',
  'spanP95Ms',
  'spanP99Ms',
] as const satisfies readonly (keyof FeatureRow)[];

async function writeFeatures(
  invocation: Invocation,
  options: SignalOptions,
  path: string,
): Promise<0> {
  const { bucket = '10s', component, since, from } = options;
  if ((parseDuration(bucket) ?? 0) < 1) throw usage(`--bucket is "${bucket}"; write 10s, 1m, 1h`);
  const begin = since === undefined && from === undefined ? { since: FEATURES_SINCE } : {};
  const range = timeRange({ ...options, ...begin }, Date.now());
  const members = { ...range, component, bucket };
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  const { screen, signal } = invocation;
  const daemon = remoteDaemon(invocation);
  const { rows } = await daemon.call('signalFeatures', Object.fromEntries(given), { signal });
  const lines = rows.map((row) => csvLine(COLUMNS.map((name) => row[name])));
  const file = new ExportedFile(path);
  await file.write(utf8([csvLine(COLUMNS), ...lines].join('')));
  await file.close();
  if (path === '-') return 0;
  if (screen.isJson) screen.json({ file: path, bucket, rows: rows.length });
  else screen.out(`${rows.length} rows in ${path}`);
  return 0;
}

function usage(detail: string): Error {
  return lgError('LG_RUNTIME_USAGE', detail);
}
