import type { Result } from '../../base/result.ts';
import { addMs, toRfc3339 } from '../../base/time.ts';
import { deadlineWallMs, type Deadline, type Instant } from '../../model/run/instant.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { Plan } from '../../model/run/plan.ts';
import { instantOf } from '../../ports/clock.ts';
import { mayRunByItself, whyNotNow } from '../../recovery/automatic/may-run-by-itself.ts';
import type { AutomaticPolicy } from '../../recovery/automatic/policy.ts';
import { AttemptLog, type AutomaticParts } from './attempt-log.ts';
import type { AutomaticCore } from './automatic-core.ts';
import { askEverything, askFirst, planFor, policyOf, switchesOf } from './ask-everything.ts';
import { LeftOverDuty } from './call-off-left-over.ts';
import { carryOut } from './carry-out.ts';

/** Asking an incident's targets costs: so long until it is asked again. */
const ASK_AGAIN_MS = 10_000;
/** A daemon that was stopped and comes late finds another world than the announced one. */
const LATE_MS_MAX = 30_000;
/** Clock slewing loses far less in ten minutes; more, and people were told a wrong time. */
const CLOCK_SET_MS = 5_000;

/** The one that is announced and not yet begun. */
interface Pending {
  readonly incident: string;
  readonly plan: Plan;
  readonly due: Deadline;
}

/**
 * Lets rollbacks begin without anybody asking, where `mayRunByItself` has no reason against it:
 * announces one, waits, asks everything anew and starts it as a principal of its own. At most one
 * at a time, and at most one in the life of an incident.
 */
export class Automatic {
  readonly #core: AutomaticCore;
  readonly #attempts: AttemptLog;
  readonly #leftOver: LeftOverDuty;
  readonly #askedAtMs = new Map<string, number>();
  #pending: Pending | undefined;
  #off: string | undefined;

  constructor(parts: AutomaticParts) {
    this.#core = parts.core;
    this.#attempts = new AttemptLog(parts);
    this.#leftOver = new LeftOverDuty(parts.core, this.#attempts);
  }

  /** Announces what may begin, attends to what is announced. One at a time; call each second. */
  async look(): Promise<void> {
    await this.#noteSwitch();
    await this.#leftOver.look(this.#pending?.incident);
    if (this.#pending !== undefined) return this.#attend(this.#pending);
    const policy = policyOf(this.#core);
    if (policy === undefined) return;
    for (const incident of this.#core.incidents.open()) {
      if (this.#pending === undefined) await this.#consider(incident, policy);
    }
  }

  async #consider(incident: Incident, policy: AutomaticPolicy): Promise<void> {
    const { diagnosis, automatic, components, state } = incident;
    const blamed = diagnosis?.suspects[0]?.component;
    const isMeant = [...components, blamed].some(
      (name) => name !== undefined && policy.components.includes(name),
    );
    if (!isMeant || diagnosis === undefined || state !== 'open') return;
    if (automatic?.announced !== undefined || !this.#isTime(incident.id)) return;
    const found = await this.#planWithoutObjection(incident);
    if ('reasons' in found) await this.#attempts.refuse(incident, found.reasons);
    else await this.#announce(incident, found.plan, policy);
  }

  /** What is cheap to ask is asked first: no target is asked while a switch says no. */
  async #planWithoutObjection(
    incident: Incident,
  ): Promise<{ readonly plan: Plan } | { readonly reasons: readonly string[] }> {
    const reasons = whyNotNow(await askFirst(this.#core, incident, undefined));
    if (reasons.length > 0) return { reasons };
    const plan = await this.#plan(incident);
    if (!plan.ok) return { reasons: [`there is no plan: ${plan.error.detail}`] };
    const question = await askEverything(this.#core, incident, plan.value, undefined);
    if (!question.ok) return { reasons: [question.error.detail] };
    const answer = mayRunByItself(question.value);
    return answer === 'yes' ? { plan: plan.value } : { reasons: answer };
  }

  #isTime(incident: string): boolean {
    const now = this.#core.clock.uptimeMs();
    const last = this.#askedAtMs.get(incident);
    if (last !== undefined && now - last < ASK_AGAIN_MS) return false;
    this.#askedAtMs.set(incident, now);
    return true;
  }

  async #plan(incident: Incident): Promise<Result<Plan>> {
    const id = incident.diagnosis?.rollback.checkpoint ?? '';
    const target = this.#core.checkpoints.catalogue.view(id);
    return target.ok ? planFor(this.#core, incident, target.value) : target;
  }

  async #announce(incident: Incident, plan: Plan, policy: AutomaticPolicy): Promise<void> {
    const { clock, plans, planner } = this.#core;
    const kept = await plans.put(plan);
    if (!kept.ok) return;
    planner.foreseeRun(plan);
    const due: Deadline = { set: instantOf(clock), afterMs: policy.delayMs };
    const { id, planHash, content } = plan;
    const isAnnounced = await this.#attempts.announce(incident, plan, {
      due: toRfc3339(addMs(clock.now(), policy.delayMs)),
      plan: id,
      planHash,
      target: content.target,
      components: [...new Set(content.steps.map(({ component }) => component))],
    });
    if (isAnnounced) this.#pending = { incident: incident.id, plan, due };
  }

  /** Each second of the delay, and once more with everything at its end. */
  async #attend(pending: Pending): Promise<void> {
    const { incident: id, plan, due } = pending;
    const story = this.#core.incidents.get(id);
    if (!story.ok) return this.#drop(id, 'the incident is not known any more');
    const { incident } = story.value;
    const reasons = whyNotNow(await askFirst(this.#core, incident, plan));
    if (reasons.length > 0) return this.#drop(id, reasons.join('; '));
    const at = instantOf(this.#core.clock);
    const lateMs = at.uptimeMs - due.set.uptimeMs - due.afterMs;
    if (isClockSet(due, at, lateMs)) {
      return this.#drop(id, 'the clock was set meanwhile, so another time was told than was meant');
    }
    if (lateMs < 0) return;
    if (lateMs > LATE_MS_MAX) return this.#drop(id, 'lastgood came to it too late');
    this.#pending = undefined;
    await carryOut(this.#core, this.#attempts, incident, plan);
  }

  #drop(incident: string, why: string): Promise<void> {
    this.#pending = undefined;
    return this.#attempts.callOff(incident, why);
  }

  /** Throwing the switch asks nobody: it is told and kept once it is seen. */
  async #noteSwitch(): Promise<void> {
    const { off } = switchesOf(this.#core, []);
    if (off === this.#off) return;
    this.#off = off;
    const detail = off ?? 'the file is gone';
    const action = off === undefined ? 'automatic.on' : 'automatic.off';
    await this.#attempts.record(action, 'rollback', 'done', detail, 'lastgood');
  }
}

/** Whether the wall clock says something else than the one that only goes on. */
function isClockSet(due: Deadline, at: Instant, lateMs: number): boolean {
  return Math.abs(at.wallMs - deadlineWallMs(due) - lateMs) > CLOCK_SET_MS;
}
