import type { AuditFact } from '../../api/access/audit-log.ts';
import { ok, type Result } from '../../base/result.ts';
import { addMs, toRfc3339 } from '../../base/time.ts';
import type { AnnouncedRollback, Incident, IncidentEntry } from '../../model/incident/incident.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { RunView } from '../../model/run/run.ts';
import type { Notice } from '../../ports/notifier.ts';
import { announcementText } from '../../recovery/automatic/announcement-text.ts';
import { findLeftOver } from '../../recovery/automatic/left-over.ts';
import {
  mayRunByItself,
  whyNotNow,
  whyNotOpen,
} from '../../recovery/automatic/may-run-by-itself.ts';
import { AUTOMATIC } from '../../model/access/principal.ts';
import type { AutomaticPolicy } from '../../recovery/automatic/policy.ts';
import type { AutomaticCore } from './automatic-core.ts';
import { askEverything, askFirst, planFor, policyOf, switchesOf } from './ask-everything.ts';

/** What rollbacks by itself need beside the core. */
export interface AutomaticParts {
  readonly core: AutomaticCore;
  readonly tell: (notice: Omit<Notice, 'at'>) => void;
  readonly audit: (fact: AuditFact) => Promise<Result<void>>;
}

/** Asking an incident's targets costs: so long until it is asked again. */
const ASK_AGAIN_MS = 10_000;
/** A daemon that was stopped and comes late finds another world than the announced one. */
const LATE_MS_MAX = 30_000;
/** Why not is written down when it changes, and so often at most. */
const REFUSALS_MAX = 8;

/** The one that is announced and not yet begun. */
interface Pending {
  readonly incident: string;
  readonly plan: Plan;
  readonly announced: AnnouncedRollback;
  readonly dueUptimeMs: number;
}

/**
 * Lets rollbacks begin without anybody asking, where `mayRunByItself` has no reason against it:
 * announces one, waits, asks everything anew and starts it as a principal of its own. What is done
 * about an incident is in the journal of the incident before it is done, and at most once.
 */
export class Automatic {
  readonly #parts: AutomaticParts;
  readonly #askedAtMs = new Map<string, number>();
  /** Why, of what is called off and not yet durably so. */
  readonly #calledOff = new Map<string, string>();
  #pending: Pending | undefined;
  #isRunsKnown = false;
  #off: string | undefined;

  constructor(parts: AutomaticParts) {
    this.#parts = parts;
  }

  /** Announces what may begin, attends to what is announced. One at a time; call each second. */
  async look(): Promise<void> {
    await this.#noteSwitch();
    await this.#callOffLeftOver();
    if (this.#pending !== undefined) return this.#attend(this.#pending);
    const policy = policyOf(this.#parts.core);
    if (policy === undefined) return;
    for (const incident of this.#parts.core.incidents.open()) {
      if (this.#pending === undefined) await this.#consider(incident, policy);
    }
  }

  /**
   * Calls off what a daemon before this one announced, and what could not be called off durably
   * before: left alone, either would keep every other incident waiting.
   */
  async #callOffLeftOver(): Promise<void> {
    const { incidents } = this.#parts.core;
    const all = incidents.list().filter(({ id }) => id !== this.#pending?.incident);
    for (const { incident, why } of findLeftOver(all, await this.#runsOnce(all))) {
      await this.#callOff(incident, this.#calledOff.get(incident) ?? why);
    }
  }

  /** All runs, once after the start and where it matters; undefined: not known, or not now. */
  async #runsOnce(incidents: readonly Incident[]): Promise<readonly RunView[] | undefined> {
    const { rollbacks, log } = this.#parts.core;
    const isInDoubt = findLeftOver(incidents, []).length > 0;
    if (this.#isRunsKnown || !isInDoubt || !this.#isTime('runs')) return undefined;
    const listed = await rollbacks.listWithUnread();
    if (!listed.ok) return undefined;
    this.#isRunsKnown = true;
    const { runs, unread } = listed.value;
    if (unread.length === 0) return runs;
    // The run in doubt may be one of these: that it never began would be a guess.
    log.warn('AutomaticRunsReadError', { unread: unread.length });
    return undefined;
  }

  async #consider(incident: Incident, policy: AutomaticPolicy): Promise<void> {
    const { core } = this.#parts;
    const { diagnosis, automatic, components, state } = incident;
    const blamed = diagnosis?.suspects[0]?.component;
    const isMeant = [...components, blamed].some(
      (name) => name !== undefined && policy.components.includes(name),
    );
    if (!isMeant || diagnosis === undefined || state !== 'open') return;
    if (automatic?.announced !== undefined || !this.#isTime(incident.id)) return;
    const reasons = whyNotNow(await askFirst(core, incident, undefined));
    if (reasons.length > 0) return this.#refuse(incident, reasons);
    const plan = await this.#plan(incident);
    if (!plan.ok) return this.#refuse(incident, [`there is no plan: ${plan.error.detail}`]);
    const question = await askEverything(core, incident, plan.value, undefined);
    if (!question.ok) return this.#refuse(incident, [question.error.detail]);
    const answer = mayRunByItself(question.value);
    if (answer !== 'yes') return this.#refuse(incident, answer);
    await this.#announce(incident, plan.value, policy);
  }

  #isTime(id: string): boolean {
    const now = this.#parts.core.clock.uptimeMs();
    const last = this.#askedAtMs.get(id);
    if (last !== undefined && now - last < ASK_AGAIN_MS) return false;
    this.#askedAtMs.set(id, now);
    return true;
  }

  async #plan(incident: Incident): Promise<Result<Plan>> {
    const { core } = this.#parts;
    const id = incident.diagnosis?.rollback.checkpoint ?? '';
    const target = core.checkpoints.catalogue.view(id);
    return target.ok ? planFor(core, incident, target.value) : target;
  }

  /** Durable first, told second: whoever reads a notice can find it. */
  async #announce(incident: Incident, plan: Plan, policy: AutomaticPolicy): Promise<void> {
    const { core } = this.#parts;
    const kept = await core.plans.put(plan);
    if (!kept.ok) return;
    const { id: planId, planHash, content } = plan;
    const components = [...new Set(content.steps.map(({ component }) => component))];
    const due = toRfc3339(addMs(core.clock.now(), policy.delayMs));
    const announced = { due, plan: planId, planHash, target: content.target, components };
    const dueUptimeMs = core.clock.uptimeMs() + policy.delayMs;
    const isNew = await this.#write(incident.id, (fresh, at) =>
      fresh.automatic?.announced === undefined && whyNotOpen(fresh).length === 0
        ? { kind: 'automatic-announced', at, ...announced }
        : null,
    );
    if (!isNew) return;
    this.#pending = { incident: incident.id, plan, announced, dueUptimeMs };
    const why = incident.diagnosis?.rollback.why ?? '';
    const { title, text } = announcementText(incident.id, announced, why, content.onSilence);
    this.#tell('critical', `${incident.id}-announced`, title, text);
    await this.#record(
      'rollback.announce',
      incident.id,
      'done',
      `${title}: ${planId}, ${planHash}`,
    );
  }

  /** Each second of the delay, and once more with everything at its end. */
  async #attend(pending: Pending): Promise<void> {
    const { core } = this.#parts;
    const story = core.incidents.get(pending.incident);
    if (!story.ok) return this.#drop(pending, 'the incident is not known any more');
    const { incident } = story.value;
    const reasons = whyNotNow(await askFirst(core, incident, pending.plan));
    if (reasons.length > 0) return this.#drop(pending, reasons.join('; '));
    const lateMs = core.clock.uptimeMs() - pending.dueUptimeMs;
    if (lateMs < 0) return;
    if (lateMs > LATE_MS_MAX) return this.#drop(pending, 'lastgood came to it too late');
    const question = await askEverything(core, incident, pending.plan, pending.plan);
    if (!question.ok) return this.#drop(pending, question.error.detail);
    const answer = mayRunByItself(question.value);
    if (answer !== 'yes') return this.#drop(pending, answer.join('; '));
    await this.#run(pending);
  }

  /** That it was begun is durable before the run is: whatever happens, there is no second one. */
  async #run(pending: Pending): Promise<void> {
    const { core } = this.#parts;
    const { incident, plan } = pending;
    let why = 'it could not be written down that it begins';
    const isMine = await this.#write(incident, (fresh, at) => {
      const { announced, calledOff, begunAt } = fresh.automatic ?? {};
      if (announced?.plan !== plan.id || calledOff !== undefined || begunAt !== undefined) {
        return null;
      }
      // Who said no while targets and checks answered is heard here, before anything is changed.
      const reasons = whyNotOpen(fresh);
      if (reasons.length === 0) return { kind: 'automatic-begun', at };
      why = reasons.join('; ');
      return null;
    });
    if (!isMine) return this.#drop(pending, why);
    const { policy, off, hold, frozen } = switchesOf(core, plan.content.components);
    const stop =
      off ?? hold ?? frozen ?? (policy === undefined ? 'it was switched off' : undefined);
    if (stop !== undefined) return this.#drop(pending, stop);
    this.#pending = undefined;
    const started = await core.rollbacks.startRun(plan, { by: AUTOMATIC });
    if (!started.ok) {
      const { code, detail } = started.error;
      await this.#record('plan.apply', plan.id, 'refused', `${code}: ${detail}`);
      return this.#callOff(incident, detail);
    }
    // Its token is given to nobody: whoever may confirm needs none, see recovery.md 3.
    const { run } = started.value;
    const text = `For ${incident}, by ${plan.id}. Back: lastgood rollback cancel ${run}`;
    this.#tell('critical', `${run}-by-itself`, `Rollback ${run} began by itself`, text);
    const detail = `started ${run} of ${plan.planHash}`;
    await this.#record('plan.apply', plan.id, 'done', detail);
  }

  async #refuse({ id, automatic }: Incident, reasons: readonly string[]): Promise<void> {
    if (automatic?.reasons.join('\n') === reasons.join('\n')) return;
    const entries = this.#parts.core.incidents.entries(id);
    const before = entries.filter(({ kind }) => kind === 'automatic-refused').length;
    if (before >= REFUSALS_MAX) return;
    await this.#write(id, (_incident, at) => ({ kind: 'automatic-refused', at, reasons }));
  }

  #drop({ incident }: Pending, why: string): Promise<void> {
    this.#pending = undefined;
    return this.#callOff(incident, why);
  }

  /** Told once, at once; written again with each look until it is durable. */
  async #callOff(incident: string, why: string): Promise<void> {
    const isAgain = this.#calledOff.has(incident);
    this.#calledOff.set(incident, why);
    const written = await this.#parts.core.incidents.change(incident, ({ incident: now }, at) =>
      ok(
        now.automatic?.calledOff === undefined
          ? { kind: 'automatic-called-off', at, why }
          : undefined,
      ),
    );
    if (written.ok) this.#calledOff.delete(incident);
    if (isAgain) return;
    const title = `The rollback by itself for ${incident} was called off`;
    const text = `${why}. To go back all the same: lastgood rollback plan --incident ${incident}`;
    this.#tell('warning', `${incident}-called-off`, title, text);
    await this.#record('rollback.call-off', incident, 'done', why);
  }

  /** Whether the entry is durable, and this call wrote it. */
  async #write(
    id: string,
    entryOf: (incident: Incident, at: string) => IncidentEntry | null,
  ): Promise<boolean> {
    let isMade = false;
    const written = await this.#parts.core.incidents.change(id, ({ incident }, at) => {
      const entry = entryOf(incident, at) ?? undefined;
      isMade = entry !== undefined;
      return ok(entry);
    });
    return written.ok && isMade;
  }

  /** Throwing the switch asks nobody: it is told and kept once it is seen. */
  async #noteSwitch(): Promise<void> {
    const { off } = switchesOf(this.#parts.core, []);
    if (off === this.#off) return;
    this.#off = off;
    const detail = off ?? 'the file is gone';
    const action = off === undefined ? 'automatic.on' : 'automatic.off';
    await this.#record(action, 'rollback', 'done', detail, 'lastgood');
  }

  #tell(urgency: Notice['urgency'], id: string, title: string, text: string): void {
    this.#parts.tell({ kind: 'rollback', urgency, id, title, text });
  }

  async #record(
    action: string,
    object: string,
    outcome: AuditFact['outcome'],
    detail: string,
    principal = AUTOMATIC,
  ): Promise<void> {
    const kept = await this.#parts.audit({ principal, action, object, outcome, detail });
    if (!kept.ok) this.#parts.core.log.error('AutomaticAuditedError', { code: kept.error.code });
  }
}
