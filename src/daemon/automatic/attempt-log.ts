import type { AuditFact } from '../../api/access/audit-log.ts';
import { ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import { AUTOMATIC } from '../../model/access/principal.ts';
import type { AnnouncedRollback, Incident, IncidentEntry } from '../../model/incident/incident.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Notice } from '../../ports/notifier.ts';
import { announcementText } from '../../recovery/automatic/announcement-text.ts';
import { whyNotOpen } from '../../recovery/automatic/may-run-by-itself.ts';
import type { AutomaticCore } from './automatic-core.ts';

/** What rollbacks by itself need beside the core. */
export interface AutomaticParts {
  readonly core: AutomaticCore;
  readonly tell: (notice: Omit<Notice, 'at'>) => void;
  readonly audit: (fact: AuditFact) => Promise<Result<void>>;
}

/** Why not is written down when it changes, and so often at most. */
const REFUSALS_MAX = 8;

/**
 * What is done about an incident by itself. Each of it is in the journal of the incident before it
 * is told, kept in the audit log or followed by anything: whoever reads a notice can find it.
 */
export class AttemptLog {
  readonly #parts: AutomaticParts;
  /** Why, of what is called off and not yet durably so. */
  readonly #calledOff = new Map<string, string>();

  constructor(parts: AutomaticParts) {
    this.#parts = parts;
  }

  async refuse({ id, automatic }: Incident, reasons: readonly string[]): Promise<void> {
    if (automatic?.reasons.join('\n') === reasons.join('\n')) return;
    const entries = this.#parts.core.incidents.entries(id);
    const before = entries.filter(({ kind }) => kind === 'automatic-refused').length;
    if (before >= REFUSALS_MAX) return;
    await this.#write(id, (_incident, at) => ({ kind: 'automatic-refused', at, reasons }));
  }

  /** Whether it is announced now; not where somebody was quicker to look after the incident. */
  async announce(incident: Incident, plan: Plan, announced: AnnouncedRollback): Promise<boolean> {
    const { id, diagnosis } = incident;
    const isNew = await this.#write(id, (fresh, at) =>
      fresh.automatic?.announced === undefined && whyNotOpen(fresh).length === 0
        ? { kind: 'automatic-announced', at, ...announced }
        : null,
    );
    if (!isNew) return false;
    const why = diagnosis?.rollback.why ?? '';
    const { now } = this.#parts.core.clock;
    const words = announcementText(id, announced, why, plan.content.onSilence, toRfc3339(now()));
    this.tell(id, { urgency: 'critical', id: `${id}-announced`, ...words });
    await this.record(
      'rollback.announce',
      id,
      'done',
      `${words.title}: ${plan.id}, ${plan.planHash}`,
    );
    return true;
  }

  /** Undefined once it is durable that it begins, by this very call; else why it must not. */
  async begin(incident: string, plan: Plan): Promise<string | undefined> {
    const { clock } = this.#parts.core;
    let why = 'it could not be written down that it begins';
    const isMine = await this.#write(incident, (fresh, at) => {
      const { announced, calledOff, begunAt } = fresh.automatic ?? {};
      if (announced?.plan !== plan.id || calledOff !== undefined || begunAt !== undefined) {
        return null;
      }
      // Who said no while targets and checks answered is heard here, before anything is changed.
      const reasons = whyNotOpen(fresh);
      const uptime = { bootId: clock.bootId(), uptimeMs: clock.uptimeMs() };
      if (reasons.length === 0) return { kind: 'automatic-begun', at, uptime };
      why = reasons.join('; ');
      return null;
    });
    return isMine ? undefined : why;
  }

  /** Told once, at once; written again with each call until it is durable. */
  async callOff(incident: string, reason: string): Promise<void> {
    const before = this.#calledOff.get(incident);
    const why = before ?? reason;
    this.#calledOff.set(incident, why);
    const written = await this.#parts.core.incidents.change(incident, ({ incident: now }, at) =>
      ok(
        now.automatic?.calledOff === undefined
          ? { kind: 'automatic-called-off', at, why }
          : undefined,
      ),
    );
    if (written.ok) this.#calledOff.delete(incident);
    if (before !== undefined) return;
    const title = `The rollback by itself for ${incident} was called off`;
    const text = `${why}. To go back all the same: lastgood rollback plan --incident ${incident}`;
    this.tell(incident, { urgency: 'warning', id: `${incident}-called-off`, title, text });
    await this.record('rollback.call-off', incident, 'done', why);
  }

  /** Tells people; what is about one incident is told in one thread. */
  tell(incident: string, notice: Pick<Notice, 'urgency' | 'id' | 'title' | 'text'>): void {
    this.#parts.tell({ kind: 'rollback', thread: incident, ...notice });
  }

  async record(
    action: string,
    object: string,
    outcome: AuditFact['outcome'],
    detail: string,
    principal = AUTOMATIC,
  ): Promise<void> {
    const kept = await this.#parts.audit({ principal, action, object, outcome, detail });
    if (!kept.ok) this.#parts.core.log.error('AutomaticAuditedError', { code: kept.error.code });
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
}
