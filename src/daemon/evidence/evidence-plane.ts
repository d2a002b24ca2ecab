import type { Json } from '../../base/canonical-json.ts';
import { ok, type Result } from '../../base/result.ts';
import type { RetentionPolicy, RetentionReport } from '../../model/evidence/evidence-retention.ts';
import type { ClockOffset } from '../../model/evidence/clock-offset.ts';
import type { EntityReport } from '../../model/evidence/entity-report.ts';
import type { EvidenceSummary } from '../../model/evidence/evidence-summary.ts';
import type { SourceStatus, StoreStatus } from '../../model/evidence/store-status.ts';
import type {
  DensityBucket,
  TimelineFilter,
  TimelinePage,
  TimelineQuery,
} from '../../model/record/timeline-query.ts';
import type { FeatureRow } from '../../model/record/feature-row.ts';
import type { TriggerState } from '../../model/incident/trigger.ts';
import type { ClockExchange } from '../../model/evidence/clock-exchange.ts';
import type { HookRecord } from './hook-record.ts';
import type { EvidenceLink } from './link.ts';
import { encodePlain, SUBJECT } from './messages.ts';

/** How long a question to the evidence process may take: a search of everything, under load. */
const QUERY_DEADLINE_MS = 25_000;
/** Questions that are answered from memory; the recovery plane does not wait longer for any. */
const ASK_DEADLINE_MS = 2_000;
/** Sources that end deliver what they took first. */
const CONFIGURE_DEADLINE_MS = 20_000;
/** A write waits for the disk. */
const RECORD_DEADLINE_MS = 10_000;

/** What the evidence process says of itself. */
export interface EvidenceStatus {
  readonly store: StoreStatus;
  readonly sources: readonly SourceStatus[];
}

/**
 * The evidence plane as the core asks it: typed questions over the bus. Answers are taken as they
 * come: the process on the other end is our own, of the same version, started by us.
 */
export class EvidencePlane {
  readonly #link: EvidenceLink;

  constructor(link: EvidenceLink) {
    this.#link = link;
  }

  query(query: TimelineQuery): Promise<Result<TimelinePage>> {
    return this.#ask<TimelinePage>(SUBJECT.query, encodePlain(query), QUERY_DEADLINE_MS);
  }

  /** As `query`, for whoever goes on without an answer rather than wait for a search. */
  queryBriefly(query: TimelineQuery): Promise<Result<TimelinePage>> {
    return this.#ask<TimelinePage>(SUBJECT.query, encodePlain(query), ASK_DEADLINE_MS);
  }

  density(filter: TimelineFilter, bucketMs: number): Promise<Result<readonly DensityBucket[]>> {
    const payload = { filter: encodePlain(filter), bucketMs };
    return this.#ask<readonly DensityBucket[]>(SUBJECT.density, payload, QUERY_DEADLINE_MS);
  }

  features(filter: TimelineFilter, bucketMs: number): Promise<Result<readonly FeatureRow[]>> {
    const payload = { filter: encodePlain(filter), bucketMs };
    return this.#ask<readonly FeatureRow[]>(SUBJECT.features, payload, QUERY_DEADLINE_MS);
  }

  triggers(): Promise<Result<readonly TriggerState[]>> {
    return this.#ask<readonly TriggerState[]>(SUBJECT.triggers, null, ASK_DEADLINE_MS);
  }

  clocks(): Promise<Result<readonly ClockOffset[]>> {
    return this.#ask<readonly ClockOffset[]>(SUBJECT.clocks, null, ASK_DEADLINE_MS);
  }

  /** Hands over what a configured host's answer says of its clock and ours. */
  exchange(host: string, exchange: ClockExchange): Promise<Result<null>> {
    return this.#ask<null>(SUBJECT.exchange, { host, ...exchange }, ASK_DEADLINE_MS);
  }

  entities(): Promise<Result<EntityReport>> {
    return this.#ask<EntityReport>(SUBJECT.entities, null, ASK_DEADLINE_MS);
  }

  summary(from: string, to: string): Promise<Result<EvidenceSummary>> {
    return this.#ask<EvidenceSummary>(SUBJECT.summary, { from, to }, ASK_DEADLINE_MS);
  }

  status(): Promise<Result<EvidenceStatus>> {
    return this.#ask<EvidenceStatus>(SUBJECT.status, null, ASK_DEADLINE_MS);
  }

  /** Gives up the evidence that a policy does not keep. */
  retain(policy: RetentionPolicy): Promise<Result<RetentionReport>> {
    return this.#ask<RetentionReport>(SUBJECT.retain, encodePlain(policy), QUERY_DEADLINE_MS);
  }

  /**
   * Keeps the store from removing or cutting files while they are copied, until what it answers is
   * called or `limitMs` have passed.
   */
  async keepFiles(limitMs: number): Promise<Result<() => void>> {
    const kept = await this.#ask<number>(SUBJECT.keepFiles, limitMs, QUERY_DEADLINE_MS);
    if (!kept.ok) return kept;
    return ok(() => void this.#ask<null>(SUBJECT.release, kept.value, ASK_DEADLINE_MS));
  }

  /** Hands over records that did not come by a source; answers once they are durable. */
  async record(records: readonly HookRecord[]): Promise<Result<null>> {
    const payload: Json = JSON.parse(JSON.stringify(records));
    return this.#ask<null>(SUBJECT.record, payload, RECORD_DEADLINE_MS);
  }

  /** Hands another configuration over; sources that stay the same are left at work. */
  configure(settings: Json): Promise<Result<null>> {
    return this.#ask<null>(SUBJECT.configure, settings, CONFIGURE_DEADLINE_MS);
  }

  /** Tells the process anew who may send. */
  senders(list: Json): Promise<Result<null>> {
    return this.#ask<null>(SUBJECT.senders, list, ASK_DEADLINE_MS);
  }

  async #ask<Answer>(subject: string, payload: Json, deadlineMs: number): Promise<Result<Answer>> {
    const answer = await this.#link.request(subject, payload, deadlineMs);
    return answer.ok ? ok(answer.value as unknown as Answer) : answer;
  }
}
