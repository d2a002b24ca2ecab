import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, CallInput } from '../api/client.ts';
import { fromUnixMs, parseDuration, toRfc3339 } from '../base/time.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { TimelineRecord } from '../model/timeline-record.ts';
import type { AddCommand, Invocation } from './invocation.ts';
import { harmless, paint } from './paint.ts';
import { remoteDaemon } from './remote.ts';

interface EventOptions {
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
  readonly component?: string;
  readonly kind?: string;
  readonly severity?: string;
  readonly event?: string;
  readonly trace?: string;
  readonly text?: string;
  readonly limit?: string;
  readonly follow?: boolean;
}

/** How often the timeline is asked for news with --follow. */
const FOLLOW_EVERY_MS = 500;
const PAGE = 1000;

/** `lastgood events`: the aligned timeline, oldest first, as `journalctl` prints. */
export const addEvents: AddCommand = (program, bind) => {
  program
    .command('events')
    .description('the aligned timeline, oldest first')
    .option('--since <duration>', 'only the last 15m, 2h, …')
    .option('--from <time>', 'RFC 3339, inclusive')
    .option('--to <time>', 'RFC 3339, exclusive')
    .option('--component <names>', 'separated by commas')
    .option('--kind <kinds>', 'log, span, event, metric, alert, packet')
    .option('--severity <number>', 'at least this OpenTelemetry number (17 = ERROR)')
    .option('--event <names>', 'event names, separated by commas')
    .option('--trace <id>', 'one trace, 32 hexadecimal digits')
    .option('--text <words>', 'substring of body or attributes')
    .option('--limit <n>', 'the newest n (default 200)')
    .option('--follow', 'go on with what arrives')
    .action(
      bind(async (invocation, options: EventOptions) => {
        const daemon = remoteDaemon(invocation);
        const filter = filterOf(options);
        const newest = await newestRecords(daemon, filter, limitOf(options.limit));
        for (const record of newest) print(record, invocation);
        if (options.follow === true) await follow(daemon, filter, invocation);
        return 0;
      }),
    );
};

type Filter = Omit<CallInput<'timeline'>, 'limit' | 'order' | 'cursor'>;

function filterOf(options: EventOptions): Filter {
  const { component, kind, severity, event, trace, text, to } = options;
  const from = options.since === undefined ? options.from : sinceOf(options.since);
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(component === undefined ? {} : { component }),
    ...(kind === undefined ? {} : { kind }),
    ...(severity === undefined ? {} : { severity }),
    ...(event === undefined ? {} : { event }),
    ...(trace === undefined ? {} : { trace }),
    ...(text === undefined ? {} : { text }),
  };
}

function sinceOf(text: string): string {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw lgError('LG_RUNTIME_USAGE', `--since is "${text}"; write 15m, 2h, 1d`);
  return toRfc3339(fromUnixMs(Date.now() - ms));
}

function limitOf(text: string | undefined): number {
  const limit = Number(text ?? 200);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw lgError('LG_RUNTIME_USAGE', `--limit is "${text}"; give a whole number from 1 on`);
}

/** The newest `limit` records, oldest first. */
async function newestRecords(
  daemon: ApiClient,
  filter: Filter,
  limit: number,
): Promise<readonly TimelineRecord[]> {
  const records: TimelineRecord[] = [];
  const page = Math.min(limit, PAGE);
  for await (const record of daemon.timeline({ ...filter, limit: page, order: 'newest' })) {
    records.push(record);
    if (records.length === limit) break;
  }
  return records.toReversed();
}

async function follow(daemon: ApiClient, filter: Filter, invocation: Invocation): Promise<void> {
  const now = toRfc3339(fromUnixMs(Date.now()));
  const ask = { ...filter, from: now, limit: PAGE, order: 'arrival' } as const;
  let cursor: string | undefined;
  while (!invocation.signal.aborted) {
    const page = await daemon.call('timeline', cursor === undefined ? ask : { ...ask, cursor });
    for (const record of page.records) print(record, invocation);
    cursor = page.nextCursor ?? cursor;
    if (page.records.length < PAGE) {
      await delay(FOLLOW_EVERY_MS, undefined, { signal: invocation.signal }).catch(() => undefined);
    }
  }
}

function print(record: TimelineRecord, { screen }: Invocation): void {
  if (screen.isJson) {
    screen.json(record);
    return;
  }
  const where = record.component ?? record.host ?? record.source.id;
  const level = record.severityText ?? (record.severity === 0 ? record.kind : `${record.severity}`);
  const tone = record.severity >= 17 ? 'bad' : record.severity >= 13 ? 'warn' : 'dim';
  const who = paint(screen, 'strong', harmless(where));
  const mark = paint(screen, tone, harmless(level));
  screen.out(`${record.alignedTime} ${who} ${mark} ${words(record)}`);
}

function words(record: TimelineRecord): string {
  const body = typeof record.body === 'string' ? record.body : JSON.stringify(record.body ?? '');
  const name = record.eventName === undefined ? '' : `${record.eventName} `;
  const took =
    record.durationNs === undefined ? '' : `  ${(record.durationNs / 1e6).toFixed(1)} ms`;
  return `${harmless(name)}${harmless(record.body === undefined ? '' : body)}${took}`.trimEnd();
}
