import { Option } from 'commander';
import { lgError } from '../../../model/errors/lg-error.ts';
import { neighborDoubt } from '../../../model/record/order-doubt.ts';
import { RECORD_KINDS, type TimelineRecord } from '../../../model/record/timeline-record.ts';
import { addExamples } from '../../example.ts';
import { EXPORT_FORMS, exportEvents, storedRecords, type ExportForm } from './events-export.ts';
import { eventsOfFiles } from './events-of-files.ts';
import { FORMATS_HELP, isDataFolder } from '../../offline/data-files.ts';
import { followEvents } from './events-follow.ts';
import type { AddCommand, Invocation } from '../../invocation.ts';
import { harmless, paint } from '../../screen/paint.ts';
import { misplacedWord } from './misplaced-word.ts';
import { newestRecords, type EventFilter } from './newest-records.ts';
import { timeRange, type TimeRangeOptions } from '../time-range.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';

interface EventOptions extends TimeRangeOptions {
  readonly component?: string;
  readonly kind?: string;
  readonly severity?: string;
  readonly event?: string;
  readonly trace?: string;
  readonly text?: string;
  readonly limit?: string;
  readonly follow?: boolean;
  readonly format?: ExportForm;
  readonly data?: readonly string[];
}

/** A screenful or a few; more are asked for by --limit. */
const LIMIT = 200;

/** `lastgood events`: the aligned timeline, oldest first, as `journalctl` prints. */
export const addEvents: AddCommand = (program, bind) => {
  const kind = new Option('--kind <kinds>', 'separated by commas').choices(RECORD_KINDS);
  const format = new Option('--format <form>', 'write all that fits to FILE, - for stdout');
  const events = addExamples(program.command('events'), [
    'events --since 15m --component checkout --severity 17',
    'events --follow --kind event,alert',
    'events --since 1d --format csv yesterday.csv',
    'events --severity 17 --format parquet errors.parquet',
    'events --data journal.export wan0.pcap syslog:router.log',
  ])
    .description('the aligned timeline, oldest first')
    .argument('[file]', 'with --format: where to write')
    .option('--since <duration>', 'only the last 15m, 2h, …')
    .option('--from <time>', 'RFC 3339, inclusive')
    .option('--to <time>', 'RFC 3339, exclusive')
    .option('--component <names>', 'separated by commas')
    // The choices are told and completed, but more than one may be named.
    .addOption(kind.argParser((text: string) => text))
    .option('--severity <number>', 'at least this OpenTelemetry number (17 = ERROR)')
    .option('--event <names>', 'event names, separated by commas')
    .option('--trace <trace>', 'one trace, 32 hexadecimal digits')
    .option('--text <words>', 'substring of body or attributes')
    .option('--limit <n>', `the newest n (default ${LIMIT}; to a file and of files all)`)
    .option('--follow', 'go on with what arrives')
    .addOption(format.choices(EXPORT_FORMS))
    .option('--data <paths...>', 'files and folders instead of the daemon, as PATH or FORMAT:PATH')
    .addHelpText('after', FORMATS_HELP);
  events.action(
    bind(async (given, own: EventOptions, [file]) => {
      const { invocation, options } = asMeant(given, own);
      const filter = filterOf(options, Date.now());
      const limit = limitOf(options.limit);
      refuseMixed(options, file);
      const { data, format: form } = options;
      if (file !== undefined) {
        if (form === undefined) throw usage(misplacedWord(file, events.options));
        const records =
          data === undefined
            ? await storedRecords(filter, limit, invocation)
            : await eventsOfFiles(data, filter, limit, invocation);
        return exportEvents(records, { form, file }, invocation);
      }
      const show = printer(invocation);
      if (options.follow === true) {
        return followEvents({ filter, limit: limit ?? LIMIT, show }, invocation);
      }
      const newest =
        data === undefined
          ? await newestRecords(remoteDaemon(invocation), filter, limit ?? LIMIT, invocation.signal)
          : await eventsOfFiles(data, filter, limit, invocation);
      for (const record of newest) show(record);
      if (newest.length === 0) invocation.screen.note('no records');
      return 0;
    }),
  );
};

/** `--data` with the data directory of a daemon means that daemon, as everywhere else. */
function asMeant(
  invocation: Invocation,
  options: EventOptions,
): { readonly invocation: Invocation; readonly options: EventOptions } {
  const { data: paths, ...others } = options;
  const [data, ...more] = paths ?? [];
  if (data === undefined || more.length > 0 || !isDataFolder(data)) return { invocation, options };
  return {
    invocation: { ...invocation, options: { ...invocation.options, data } },
    options: others,
  };
}

/** Checks what only we can say well; the API checks everything again. */
function filterOf(options: EventOptions, nowMs: number): EventFilter {
  const { component, kind, severity, event, trace, text } = options;
  const { from, to } = timeRange(options, nowMs);
  const odd = kind?.split(',').find((one) => !RECORD_KINDS.some((known) => known === one.trim()));
  if (odd !== undefined) throw usage(`--kind has "${odd}"; there are ${RECORD_KINDS.join(', ')}`);
  if (severity !== undefined && !/^([0-9]|1[0-9]|2[0-4])$/.test(severity)) {
    throw usage(`--severity is "${severity}"; give a number from 0 to 24, as 17 for ERROR`);
  }
  if (trace !== undefined && !/^[0-9a-fA-F]{32}$/.test(trace)) {
    throw usage(`--trace is "${trace}"; give the 32 hexadecimal digits of a trace id`);
  }
  const members = { from, to, component, kind, severity, event, trace, text };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw usage(`--limit is "${text}"; give a whole number from 1 on`);
}

function refuseMixed({ follow, format, to, data }: EventOptions, file: string | undefined): void {
  if (follow === true && data !== undefined) throw usage('--follow goes on, and --data does not');
  if (follow === true && to !== undefined) throw usage('--follow has no end; leave out --to');
  if (follow === true && format !== undefined) {
    throw usage('--follow prints for ever, --format writes one file; leave one out');
  }
  if (format !== undefined && file === undefined) {
    throw usage(`--format ${format} needs a FILE, - for stdout`);
  }
}

function usage(detail: string): Error {
  return lgError('LG_RUNTIME_USAGE', detail);
}

/** Prints one record after the other, each beside the one before. */
function printer(invocation: Invocation): (record: TimelineRecord) => void {
  let before: TimelineRecord | undefined;
  return (record) => {
    print(record, before, invocation);
    before = record;
  };
}

function print(
  record: TimelineRecord,
  before: TimelineRecord | undefined,
  { screen }: Invocation,
): void {
  if (screen.isJson) {
    screen.json(record);
    return;
  }
  const where = record.component ?? record.host ?? record.source.id;
  const level = record.severityText ?? (record.severity === 0 ? record.kind : `${record.severity}`);
  const tone = record.severity >= 17 ? 'bad' : record.severity >= 13 ? 'warn' : 'dim';
  const who = paint(screen, 'strong', harmless(where));
  const mark = paint(screen, tone, harmless(level));
  const order = isUnsure(before, record) ? ORDER_UNSURE : '';
  screen.out(`${record.alignedTime}${order} ${who} ${mark} ${words(record)}`);
}

/** Stands behind a time that may be before the one above it. */
const ORDER_UNSURE = '~';

/** Whether bounds are known of both clocks, and these records are nearer together than that. */
function isUnsure(before: TimelineRecord | undefined, record: TimelineRecord): boolean {
  return before !== undefined && neighborDoubt(before, record)?.kind === 'bounds';
}

function words(record: TimelineRecord): string {
  if (record.kind === 'metric' && record.body === undefined) return metricWords(record);
  const body = typeof record.body === 'string' ? record.body : JSON.stringify(record.body ?? '');
  const name = record.eventName === undefined ? '' : `${record.eventName} `;
  const took =
    record.durationNs === undefined ? '' : `  ${(record.durationNs / 1e6).toFixed(1)} ms`;
  return `${harmless(name)}${harmless(record.body === undefined ? '' : body)}${took}`.trimEnd();
}

/** A sample has no text: its name, value and unit are its words. */
function metricWords({ attributes }: TimelineRecord): string {
  const { 'metric.name': name, 'metric.value': value, 'metric.unit': unit, ...rest } = attributes;
  // The rest tells the series apart: a device, a direction. What describes the metric is left out.
  const series = Object.entries(rest).filter(([key]) => !key.startsWith('metric.'));
  const parts = [name, value, unit].filter((part) => part !== undefined);
  return harmless([...parts, ...series.map(([, part]) => part)].map(plainWord).join(' '));
}

function plainWord(part: unknown): string {
  return typeof part === 'object' ? JSON.stringify(part) : String(part);
}
