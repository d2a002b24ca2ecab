import { canonicalJson, type Json } from '../../../src/base/canonical-json.ts';
import { fingerprintOf, type StateImage } from '../../../src/model/checkpoint/capture.ts';
import type { ProbeSample } from '../../../src/model/health/verdict.ts';
import type { PlanStep } from '../../../src/model/run/plan.ts';
import type { RunEntry } from '../../../src/model/run/run-journal.ts';
import { decodeJournal } from '../../../src/recovery/rollback/journal-codec.ts';
import { foldJournal, type RunRecord } from '../../../src/recovery/rollback/step/record.ts';
import {
  preparedState,
  statesOf,
  wantedFingerprint,
} from '../../../src/recovery/rollback/step/run-states.ts';
import type { SeededDeadMan } from './dead-man.ts';
import type { FaultyStore } from './faulty-store.ts';
import type { Witness } from './faulty-world.ts';
import type { Hosts, HostState } from './hosts.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Watches every change and every end, and says what must never be true. */
export class Oracle {
  readonly violations: string[] = [];
  readonly #hosts: Hosts;
  readonly #clock: VirtualClock;
  readonly #store: () => FaultyStore;
  readonly #man: SeededDeadMan;
  #runs: readonly string[] = [];
  #mutationsAt = 0;
  /** When something was changed last, and the rounds of checks since, of each process its own. */
  #changedAt = 0;
  readonly #roundsOf: (readonly ProbeSample[])[][] = [];
  heldSince: number | undefined;

  constructor(hosts: Hosts, clock: VirtualClock, store: () => FaultyStore, man: SeededDeadMan) {
    this.#hosts = hosts;
    this.#clock = clock;
    this.#store = store;
    this.#man = man;
  }

  /** The witness of one process, of which `isNewest` says whether it was overtaken. */
  beside(isNewest: () => boolean): Witness {
    const rounds: (readonly ProbeSample[])[] = [];
    this.#roundsOf.push(rounds);
    return {
      applying: (state, step, fence) => {
        // What the host has been told to refuse changes nothing.
        if (isNewest() || fence >= state.fence) this.#applying(state, step, fence, isNewest());
      },
      changed: (...change) => this.#changed(...change),
      overwrote: (state, path) => {
        this.#accuse(`${path} of ${state.id}, written in the middle of a write, was overwritten`);
      },
      pausing: (run) => {
        const ended = foldJournal(this.#read(run))?.ended;
        if (ended !== undefined) this.#accuse(`a writer was paused after the end, ${ended.state}`);
      },
      sampled: (samples) => void rounds.push(samples),
    };
  }

  /** A daemon sends an apply: P, intent, timers and tokens must be in place. */
  #applying(state: HostState, step: PlanStep, fence: number, isNewest: boolean): void {
    const record = this.#current();
    if (record === undefined) return this.#accuse('mutation outside a run');
    if (record.before === undefined) this.#accuse('mutation without pre-rollback checkpoint');
    if (!record.open.some(({ id }) => id === step.id)) this.#accuse('mutation without intent');
    // One that was overtaken and does not know it yet is stopped by the hosts alone.
    if (isNewest && fence < this.#store().fence) this.#accuse('mutation with an old fencing token');
    if (isNewest && this.heldSince !== undefined) this.#accuse('mutation while on hold');
    const isForward = record.decided === undefined;
    const needsTimer = isForward && state.traits.confirm === 'native' && !state.fired;
    if (needsTimer && state.timer === undefined) this.#accuse('mutation without armed timer');
    if (isForward) this.#judgeHaste(record, step);
    if (!isForward && record.decided?.decision === 'CONFIRM' && record.commitLost === undefined) {
      this.#accuse('mutation after confirm');
    }
  }

  /** The first step of a further batch: what was changed before it was seen to hold. */
  #judgeHaste({ plan, before }: RunRecord, step: PlanStep): void {
    const { batches = [], gate, checks, steps } = plan.content;
    const at = batches.findIndex((batch) => batch.steps.includes(step.id));
    const last = batches[at - 1];
    if (last === undefined || batches[at]?.steps[0] !== step.id) return;
    if (this.#clock.trueMs - this.#changedAt < last.soakMs)
      this.#accuse('a batch without its soak');
    const coming = new Set(batches.slice(at).flatMap(({ components }) => components));
    for (const { state, component } of steps) {
      const isRead = this.#hosts.find(state).observedAt >= this.#changedAt;
      if (!coming.has(component) && !isRead) this.#accuse('a batch that was not read again');
    }
    const red = before?.baseline.filter(({ color }) => color === 'red').map(({ check }) => check);
    const judged = checks.filter(
      ({ role, check, component }) =>
        role === 'guard' && !coming.has(component) && red?.includes(check) !== true,
    );
    if (!this.#hasHeld(judged, gate.samples)) {
      this.#accuse('the next batch was begun although the one before had not held');
    }
  }

  /** A host has changed something: nobody else's work may be gone that was there to be seen. */
  #changed(state: HostState, step: PlanStep, before: StateImage, fence: number): void {
    if (fence < state.told) this.#accuse('mutation with an old fencing token');
    this.#changedAt = this.#clock.trueMs;
    for (const rounds of this.#roundsOf) rounds.length = 0;
    const record = this.#current();
    const open = record?.open ?? [];
    const end = record?.ended?.state ?? 'NEEDS_OPERATOR';
    if (end !== 'NEEDS_OPERATOR') this.#accuse(`mutation after the end, ${end}`);
    // Judged here and not when it is sent: what a dead-man has overtaken is refused by the host.
    const isForward = record?.decided === undefined;
    const isNaked = state.traits.confirm === 'supervisor' && !this.#man.isWatching(state.id);
    if (isForward && isNaked) this.#accuse('mutation without armed timer');
    const free = new Set(
      // Where half an item may lie, nobody can tell ours from theirs.
      state.traits.atomic === 'none' ? open.flatMap(({ paths }) => paths) : [],
    );
    for (const [path, at] of state.foreign) {
      const isGone = itemText(state.image, path) !== itemText(before, path);
      if (!isGone) continue;
      // Between the last look and the write it could not be seen: a limit that is written down.
      const wasSeen = at <= state.observedAt && !free.has(path);
      if (wasSeen) this.#accuse(`a third party's change was overwritten by ${step.id}`);
      state.foreign.delete(path);
    }
  }

  /** Entries became durable. */
  written(stream: string, entries: readonly Json[]): void {
    const run = stream.slice('run/'.length);
    if (!this.#runs.includes(run)) {
      this.#runs = [...this.#runs, run];
      this.#mutationsAt = this.#hosts.mutations;
    }
    const decided = this.#read(run).filter(({ kind }) => kind === 'decided');
    if (decided.length > 1) this.#accuse('two decisions for one run');
    for (const entry of entries) {
      if (isEnded(entry)) this.#judgeEnd(run, entry);
      if (isKept(entry)) this.#judgeSilence(run);
    }
  }

  /** The engine confirms by itself only what was green in the last rounds, all of it. */
  #judgeSilence(run: string): void {
    const record = foldJournal(this.#read(run));
    if (record === undefined) return;
    const { gate, checks, onSilence } = record.plan.content;
    if (onSilence !== 'keep-if-healed') this.#accuse('kept by silence against its plan');
    // Those that were red before as well: silence keeps nothing beside a red guard.
    if (!this.#hasHeld(checks, gate.samples)) this.#accuse('kept by silence while sick');
  }

  /** Whether one of the daemons saw these checks green in each of its last rounds. */
  #hasHeld(checks: readonly { readonly check: string }[], samples: number): boolean {
    return this.#roundsOf.some((rounds) => {
      const last = rounds.slice(-samples);
      const isGreen = (check: string): boolean =>
        last.every((round) => round.some((one) => one.check === check && one.color === 'green'));
      return (
        checks.length === 0 ||
        (last.length === samples && checks.every(({ check }) => isGreen(check)))
      );
    });
  }

  #judgeEnd(run: string, ended: Extract<RunEntry, { kind: 'ended' }>): void {
    const record = foldJournal(this.#read(run));
    if (record === undefined) return;
    const states = statesOf(record).map((id) => this.#hosts.find(id));
    const isAs = (wanted: (id: string) => string): boolean =>
      states.every(
        ({ id, image, foreign, observedAt }) =>
          fingerprintOf(image) === wanted(id) ||
          [...foreign.values()].some((at) => at >= observedAt),
      );
    if (ended.state === 'COMMITTED' && !isAs((id) => wantedFingerprint(record, id))) {
      this.#accuse('COMMITTED but state is not the target');
    }
    if (ended.state === 'REVERTED' && !isAs((id) => preparedState(record, id).fingerprint)) {
      this.#accuse('REVERTED but state is not the pre-rollback state');
    }
    if (ended.state === 'ABORTED' && this.#hosts.mutations > this.#mutationsAt) {
      this.#accuse('ABORTED but something was changed');
    }
    const byHand = ended.byHand.join('\n');
    const isTimed = states.some(({ timer }) => timer?.run === run) || this.#man.isArmed(run);
    if (isTimed && !byHand.includes('timer')) {
      this.#accuse(`${ended.state} with a timer left and no word about it`);
    }
    if (this.#hosts.paused.size > 0 && !byHand.includes('paused')) {
      this.#accuse(`${ended.state} with a writer left paused and no word about it`);
    }
    if (ended.state === 'NEEDS_OPERATOR' && ended.progress.length !== states.length) {
      this.#accuse('NEEDS_OPERATOR with an incomplete map');
    }
  }

  #current(): RunRecord | undefined {
    const run = this.#runs.at(-1);
    return run === undefined ? undefined : foldJournal(this.#read(run));
  }

  #read(run: string): readonly RunEntry[] {
    const entries = this.#store().entries(`run/${run}`);
    const decoded = decodeJournal(entries.map((entry, at) => ({ version: at + 1, entry })));
    if (!decoded.ok) throw decoded.error;
    return decoded.value;
  }

  #accuse(sentence: string): void {
    this.violations.push(`${sentence} (at ${this.#clock.trueMs} ms)`);
  }
}

function isEnded(entry: unknown): entry is Extract<RunEntry, { kind: 'ended' }> {
  return typeof entry === 'object' && entry !== null && 'kind' in entry && entry.kind === 'ended';
}

function isKept(entry: unknown): boolean {
  const { kind, decision, by } = { kind: '', decision: '', by: '', ...Object(entry) };
  return kind === 'decided' && decision === 'CONFIRM' && by === 'lastgood';
}

function itemText(image: StateImage, path: string): string {
  return canonicalJson(image.items.find((item) => item.path === path) ?? null);
}
