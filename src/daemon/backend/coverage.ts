import type { CoverageView, RequiredView } from '../../api/contract.ts';
import type { Result } from '../../base/result.ts';
import { addMs, formatDuration, toRfc3339 } from '../../base/time.ts';
import type { Component } from '../../model/component/component.ts';
import type { TimelinePage, TimelineQuery } from '../../model/record/timeline-query.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  isMachine,
  requiredRecords,
  type RequiredRecords,
  type SourceName,
} from './required-records.ts';

/** Answers are asked of the store; this long they are taken as still true. */
const FRESH_MS = 15_000;
/** The first status waits this long for it. */
const PATIENCE_MS = 500;
/** A text that is sought stands in few records that do not bear it as their name. */
const LOOKED_AT = 20;

/** What the coverage needs to know. */
export interface CoverageWorld {
  readonly inventory: () => { readonly components: readonly Component[] };
  readonly evidence: {
    query(query: TimelineQuery): Promise<Result<TimelinePage>>;
    status(): Promise<Result<{ readonly sources: readonly SourceName[] }>>;
  };
  readonly clock: Clock;
  /** When the daemon began, RFC 3339. */
  readonly startedAt: string;
}

/** What each component sends and restores, against what it shall. */
export class Coverage {
  readonly #core: CoverageWorld;
  #asking: Promise<readonly CoverageView[]> | undefined;
  #known: { readonly atMs: number; readonly views: readonly CoverageView[] } | undefined;

  constructor(core: CoverageWorld) {
    this.#core = core;
  }

  async list(): Promise<readonly CoverageView[]> {
    const atMs = this.#core.clock.uptimeMs();
    if (this.#known !== undefined && atMs - this.#known.atMs < FRESH_MS) return this.#known.views;
    this.#asking ??= this.#ask(atMs).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(atMs: number): Promise<readonly CoverageView[]> {
    const { components } = this.#core.inventory();
    const status = await this.#core.evidence.status();
    const sources = status.ok ? status.value.sources : [];
    const views = await Promise.all(
      components.map((component) => this.#viewOf(component, sources)),
    );
    this.#known = { atMs, views };
    return views;
  }

  /** What was known last, at once: the status must not wait for a busy store. */
  async latest(): Promise<readonly CoverageView[]> {
    const fresh = this.list();
    if (this.#known !== undefined) return this.#known.views;
    const patience = new Promise<readonly CoverageView[]>((resolve) => {
      this.#core.clock.after(PATIENCE_MS, () => resolve([]));
    });
    return Promise.race([fresh, patience]);
  }

  async #viewOf(component: Component, sources: readonly SourceName[]): Promise<CoverageView> {
    const { name, kind, state, health, requires } = component;
    const present: string[] = [];
    const missing: string[] = [];
    const note = (has: boolean, what: string, lack: string): void => {
      if (has) present.push(what);
      else missing.push(lack);
    };
    note(state.length > 0, 'state', 'state: no provider');
    // A bare machine answers nobody; what runs on it does.
    if (health.length > 0 || !isMachine(kind)) {
      note(health.length > 0, 'health', 'health: no check');
    }
    const { withinMs } = requires;
    const oldest = addMs(this.#core.clock.now(), -withinMs);
    const required: RequiredView[] = [];
    for (const wanted of requiredRecords(component, sources)) {
      const { what } = wanted;
      const lastAt = await this.#lastOf(wanted);
      const isOld =
        wanted.withinMs !== undefined && lastAt !== undefined && lastAt < toRfc3339(oldest);
      const isMissing = lastAt === undefined || isOld;
      required.push({
        what,
        ...(lastAt === undefined ? {} : { lastAt }),
        ...(isMissing ? { missingSince: lastAt ?? this.#core.startedAt } : {}),
      });
      const lack = isOld ? `none for over ${formatDuration(withinMs)}` : 'none received';
      note(!isMissing, what, `${what}: ${lack}`);
    }
    return { component: name, present, missing, required };
  }

  /** When the newest fitting record came, by our own clock. */
  async #lastOf({ asked, fits }: RequiredRecords): Promise<string | undefined> {
    const pages = await Promise.all(
      asked.map((filter) =>
        this.#core.evidence.query({ ...filter, limit: LOOKED_AT, order: 'newest' }),
      ),
    );
    return pages
      .flatMap((page) => (page.ok ? page.value.records : []))
      .filter(fits)
      .map(({ observedTime }) => observedTime)
      .toSorted()
      .at(-1);
  }
}
