import { sortableId, type RandomBytes } from '../../base/id.ts';
import type { Log } from '../../base/log.ts';
import type { Json } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339, toUnixMs } from '../../base/time.ts';
import { TurnQueue } from '../../base/turn-queue.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Incident, IncidentEntry } from '../../model/incident/incident.ts';
import type { DuringRun } from '../../model/incident/during-run.ts';
import type { Signal } from '../../model/incident/signal.ts';
import type { TriggerState } from '../../model/incident/trigger.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { acknowledge, close } from './change-state.ts';
import { closeByItself } from './close-by-itself.ts';
import { foldIncident, type IncidentStory } from './fold-incident.ts';
import { groupSignal, type Link } from './group-signal.ts';
import { reconcileSignals } from './reconcile-signals.ts';
import { isStoredEntry } from './stored-entry.ts';

/** That something became of an incident, for whoever looks at a screen. */
export interface IncidentNews {
  readonly kind: 'incident';
  readonly at: string;
  readonly id: string;
  readonly state: Incident['state'];
}

/** What keeping incidents needs. */
export interface IncidentParts {
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  /** Told when an incident was opened or changed its state. */
  readonly tell: (change: IncidentNews) => void;
  /** Calls and dependencies, for grouping. */
  readonly links: () => readonly Link[];
  /** An incident was opened or has a new signal that raised. */
  readonly onTrouble: (incident: Incident, isNew: boolean) => void;
}

interface Entry {
  story: IncidentStory;
  entries: readonly IncidentEntry[];
  /** Of its stream, with the entries that could not be read. */
  version: number;
}

const PREFIX = 'incident/';

/** Keeps incidents: every one is an append-only stream, its state the fold of its entries. */
export class Incidents {
  readonly #parts: IncidentParts;
  readonly #byId = new Map<string, Entry>();
  /** One change at a time: grouping must see what the signal before it did. */
  readonly #turns = new TurnQueue();

  constructor(parts: IncidentParts) {
    this.#parts = parts;
  }

  /**
   * Reads all incidents. Entries that another version wrote are passed over and logged; so is an
   * incident whose opening cannot be read. Call once before use.
   */
  async load(): Promise<Result<void>> {
    const streams = await this.#parts.store.streams(PREFIX);
    if (!streams.ok) return streams;
    for (const stream of streams.value) {
      const read = await this.#parts.store.read(stream);
      if (!read.ok) return read;
      const entries = read.value.map(({ entry }): unknown => entry).filter(isStoredEntry);
      const id = stream.slice(PREFIX.length);
      const unread = read.value.length - entries.length;
      if (unread > 0) this.#parts.log.warn('IncidentReadError', { incident: id, unread });
      if (entries[0]?.kind !== 'opened') continue;
      const version = read.value.length;
      this.#byId.set(id, { entries, version, story: foldIncident(id, entries) });
    }
    return ok(undefined);
  }

  /** Newest first. */
  list(): readonly Incident[] {
    const all = [...this.#byId.values()].map(({ story }) => story.incident);
    return all.toSorted((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
  }

  open(): readonly Incident[] {
    return this.list().filter(({ state }) => state !== 'closed');
  }

  get(id: string): Result<IncidentStory> {
    const entry = this.#byId.get(id);
    return entry === undefined ? err(lgError('LG_INCIDENT_UNKNOWN', `"${id}"`)) : ok(entry.story);
  }

  entries(id: string): readonly IncidentEntry[] {
    return this.#byId.get(id)?.entries ?? [];
  }

  /**
   * Takes a signal in: it opens an incident, joins one, or changes nothing. Of one that counts
   * `findRun` says which run of ours was under way where its trouble began.
   */
  signal(signal: Signal, findRun: () => Promise<DuringRun | undefined>): Promise<Result<void>> {
    return this.#turns.take(async () => {
      const { clock, random, links, onTrouble } = this.#parts;
      const stories = [...this.#byId.values()].map(({ story }) => story);
      const grouping = groupSignal(signal, stories, links());
      const at = toRfc3339(clock.now());
      if (grouping.kind === 'drop') return ok(undefined);
      const isNew = grouping.kind === 'open';
      const id = isNew ? sortableId('inc', toUnixMs(clock.now()), random) : grouping.incident;
      const kind = isNew ? 'opened' : 'signal';
      const duringRun = await findRun();
      const entry = { kind, at, signal } as const;
      const whole = duringRun === undefined ? entry : { ...entry, duringRun };
      const added = await this.#append(id, [whole]);
      if (!added.ok) return added;
      if (signal.phase === 'raised') onTrouble(added.value.incident, isNew);
      return ok(undefined);
    });
  }

  /** Adds what `entryOf` makes of the present story; nothing when it makes nothing. */
  change(
    id: string,
    entryOf: (story: IncidentStory, at: string) => Result<IncidentEntry | undefined>,
  ): Promise<Result<IncidentStory>> {
    return this.#turns.take(async () => {
      const story = this.get(id);
      if (!story.ok) return story;
      const entry = entryOf(story.value, toRfc3339(this.#parts.clock.now()));
      if (!entry.ok) return entry;
      return entry.value === undefined ? story : this.#append(id, [entry.value]);
    });
  }

  acknowledge(id: string, actor: string): Promise<Result<IncidentStory>> {
    return this.change(id, (story, at) => acknowledge(story, actor, at));
  }

  close(id: string, actor: string, reason: string): Promise<Result<IncidentStory>> {
    return this.change(id, (story, at) => close(story, actor, reason, at));
  }

  /** Closes what is over by itself, and clears what only seemed to fire. Call every few seconds. */
  async tidy(states: readonly TriggerState[] | undefined): Promise<void> {
    for (const { id } of this.open()) {
      if (states !== undefined) {
        const story = this.get(id);
        const at = toRfc3339(this.#parts.clock.now());
        const cleared = story.ok ? reconcileSignals(story.value, states, at) : [];
        if (cleared.length > 0) await this.#turns.take(() => this.#append(id, cleared));
      }
      await this.change(id, (story, at) => ok(closeByItself(story, at)));
    }
  }

  async #append(id: string, added: readonly IncidentEntry[]): Promise<Result<IncidentStory>> {
    const { store, tell, clock, log } = this.#parts;
    const { entries: known = [], version = 0 } = this.#byId.get(id) ?? {};
    const json: readonly Json[] = JSON.parse(JSON.stringify(added));
    const written = await store.append(PREFIX + id, version, json);
    if (!written.ok) {
      log.error('IncidentWrittenError', { incident: id, code: written.error.code });
      return written;
    }
    const entries = [...known, ...added];
    const story = foldIncident(id, entries);
    this.#byId.set(id, { entries, version: written.value, story });
    const { state } = story.incident;
    tell({ kind: 'incident', at: toRfc3339(clock.now()), id, state });
    return ok(story);
  }
}
