import { setTimeout as delay } from 'node:timers/promises';
import type { CallAnswer, CallInput } from '../../../api/client.ts';
import { LastgoodError } from '../../../base/error.ts';
import { fromUnixMs, parseRfc3339, toRfc3339 } from '../../../base/time.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import type { Invocation } from '../../invocation.ts';
import { newestRecords, type EventFilter } from './newest-records.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';

/** What is followed. */
export interface FollowedEvents {
  readonly filter: EventFilter;
  /** How many records of the past are shown first. */
  readonly limit: number;
  readonly show: (record: TimelineRecord) => void;
}

/** How often the timeline is asked for news. */
const ASK_EVERY_MS = 500;
const PAGE = 1000;

/**
 * How far back the place to go on from is looked for, nearest first: on a busy timeline seconds
 * hold a record, on a quiet one a day holds few. A sender's clock may be off by as much.
 */
const LOOK_BACK_MS = [5_000, 300_000, 86_400_000] as const;

/**
 * Prints the newest records, then whatever arrives, each once, until Ctrl-C. News are found by
 * their place in the log, not by their time: late ones are not missed, and the place stays true
 * when the daemon is restarted, which is waited for.
 */
export async function followEvents(
  { filter, limit, show }: FollowedEvents,
  invocation: Invocation,
): Promise<0> {
  const { signal } = invocation;
  // The place is taken before the past is read: what arrives meanwhile is in both, and shown once.
  let place = await placeOfNow(filter, invocation);
  const past = await newestRecords(remoteDaemon(invocation), filter, limit, signal);
  const shown = new Set(past.map(({ id }) => id));
  for (const record of past) show(record);
  const pages = new PatientPages(invocation);
  while (!signal.aborted) {
    const page = await pages.next(place);
    if (page === undefined) break;
    for (const record of page.records) if (!shown.delete(record.id)) show(record);
    if (page.records.length > 0) place = { ...filter, ...after(page) };
    if (page.records.length < PAGE) await pause(ASK_EVERY_MS, signal);
  }
  return 0;
}

type Ask = CallInput<'timeline'>;

function after(page: CallAnswer<'timeline'>): Ask {
  const { nextCursor } = page;
  return {
    limit: PAGE,
    order: 'arrival',
    ...(nextCursor === undefined ? {} : { cursor: nextCursor }),
  };
}

/** A question that everything which arrives from now on answers to, and little that came before. */
async function placeOfNow(filter: EventFilter, invocation: Invocation): Promise<Ask> {
  const daemon = remoteDaemon(invocation);
  const nowMs = Date.now();
  let ask: Ask = { ...filter, limit: PAGE, order: 'arrival' };
  for (const back of LOOK_BACK_MS) {
    const from = laterOf(toRfc3339(fromUnixMs(nowMs - back)), filter.from);
    ask = { ...filter, from, limit: PAGE, order: 'arrival' };
    let page = await daemon.call('timeline', ask, { signal: invocation.signal });
    if (page.records.length === 0) continue;
    while (page.records.length === PAGE) {
      page = await daemon.call(
        'timeline',
        { ...filter, from, ...after(page) },
        { signal: invocation.signal },
      );
    }
    return { ...filter, ...after(page) };
  }
  return ask;
}

function laterOf(time: string, other: string | undefined): string {
  if (other === undefined) return time;
  return (parseRfc3339(other) ?? 0n) > (parseRfc3339(time) ?? 0n) ? other : time;
}

/** Asks for pages of a daemon that may be restarted meanwhile, also on another port. */
class PatientPages {
  readonly #invocation: Invocation;
  #isWaiting = false;

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
  }

  /** The next page; undefined when Ctrl-C ended the wait. */
  async next(ask: Ask): Promise<CallAnswer<'timeline'> | undefined> {
    const { signal, screen } = this.#invocation;
    for (;;) {
      try {
        const page = await remoteDaemon(this.#invocation).call('timeline', ask, { signal });
        if (this.#isWaiting) screen.note('the daemon is back; nothing was missed');
        this.#isWaiting = false;
        return page;
      } catch (error) {
        if (signal.aborted) return undefined;
        if (!isPassing(error)) throw error;
        if (!this.#isWaiting) screen.note('the daemon does not answer; waiting for it');
        this.#isWaiting = true;
        await pause(ASK_EVERY_MS, signal);
      }
    }
  }
}

/** A daemon that is restarted breaks connections, refuses new ones, then lacks its evidence. */
function isPassing(error: unknown): error is LastgoodError {
  if (!(error instanceof LastgoodError)) return false;
  return error.entry.retryable || error.code === 'LG_API_DAEMON_UNREACHABLE';
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
