import type { CoverageView } from '../../api/contract.ts';
import type { Component } from '../../model/component.ts';
import type { TimelineFilter } from '../../model/timeline-query.ts';
import type { Core } from '../core.ts';

/** Answers are asked of the store; this long they are taken as still true. */
const FRESH_MS = 15_000;
/** The first status waits this long for it. */
const PATIENCE_MS = 500;

/** Whether a component is a machine as such. */
function isMachine(kind: Component['kind']): boolean {
  return kind === 'server' || kind === 'vm' || kind === 'container';
}

/** What each component sends and restores, against what it shall. */
export class Coverage {
  readonly #core: Pick<Core, 'inventory' | 'evidence' | 'clock'>;
  #asking: Promise<readonly CoverageView[]> | undefined;
  #known: { readonly atMs: number; readonly views: readonly CoverageView[] } | undefined;

  constructor(core: Pick<Core, 'inventory' | 'evidence' | 'clock'>) {
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
    const views = await Promise.all(components.map((component) => this.#viewOf(component)));
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

  async #viewOf(component: Component): Promise<CoverageView> {
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
    const wanted: readonly (readonly [string, TimelineFilter])[] = [
      ...requires.logs.map((log) => [`logs: ${log}`, { kinds: ['log'] }] as const),
      ...requires.traces.map((trace) => [`traces: ${trace}`, { kinds: ['span'] }] as const),
      ...requires.events.map((event) => [`events: ${event}`, { eventNames: [event] }] as const),
    ];
    const required: { readonly what: string; readonly lastAt?: string }[] = [];
    for (const [what, filter] of wanted) {
      const lastAt = await this.#lastOf({ ...filter, components: [name] });
      required.push({ what, ...(lastAt === undefined ? {} : { lastAt }) });
      note(lastAt !== undefined, what, `${what}: none received`);
    }
    return { component: name, present, missing, required };
  }

  async #lastOf(filter: TimelineFilter): Promise<string | undefined> {
    const page = await this.#core.evidence.query({ ...filter, limit: 1, order: 'newest' });
    return page.ok ? page.value.records[0]?.alignedTime : undefined;
  }
}
