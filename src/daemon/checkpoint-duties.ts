import { ok, type Result } from '../base/result.ts';
import { soakTime } from '../config/soak-time.ts';
import type { CheckpointReason } from '../model/checkpoint/checkpoint.ts';
import { ageOfNewest } from '../recovery/checkpoint/age-of-newest.ts';
import type { CollectionNow } from '../recovery/checkpoint/evidence-gap.ts';
import type { Notices } from './notices/start-notices.ts';
import { recheckAll } from './recovery/check-restorable.ts';
import { goodProblem } from './recovery/good-problem.ts';
import { soakWatch } from './recovery/soak-loop.ts';
import { repeat } from './repeat.ts';
import type { StartedCore } from './start-core.ts';

/** How often soaking checkpoints are looked at: ten looks a soak, at least every 500 ms. */
const SOAK_LOOK_MS = { least: 500, most: 10_000 } as const;
/** How late a checkpoint of the schedule may be, and a changed schedule be noticed. */
const SCHEDULE_LOOK_MS = 1_000;
/** A daemon that is restarted every day must find the time to look at old checkpoints, too. */
const RECHECK_FIRST_MS_MAX = 10 * 60_000;
/** How soon it is told that no young checkpoint is good; sooner where the limit is shorter. */
const GOOD_LOOK_MS = { least: 250, most: 60_000 } as const;

type Stop = () => Promise<void>;

async function collectionNow({ evidence }: StartedCore['core']): Promise<Result<CollectionNow>> {
  const status = await evidence.status();
  if (!status.ok) return status;
  const { sources, store } = status.value;
  return ok({ sources, watermarks: store.watermarks });
}

/** Takes checkpoints, finds out which are good, and sees that those stay of use. */
export function checkpointDuties(started: StartedCore, notices: Notices): readonly Stop[] {
  const { core } = started;
  const soakMs = (): number => soakTime(core.config());
  const lookEveryMs = (): number =>
    Math.min(SOAK_LOOK_MS.most, Math.max(SOAK_LOOK_MS.least, soakMs() / 10));
  const watch = soakWatch({
    ...core,
    soakMs,
    lookEveryMs,
    openIncidents: () => core.incidents.open(),
    evidenceUpSince: started.evidenceUpSince,
    collection: () => collectionNow(core),
    summary: (from, to) => core.evidence.summary(from, to),
  });
  const soaking = repeat('soak', lookEveryMs, watch, core);
  const { clock } = core;
  const ageMs = ageOfNewest(core.checkpoints.catalogue.list(), clock.now());
  // What fell due while nobody was up is taken now, and not a whole interval later.
  let takenMs = clock.uptimeMs() - (ageMs ?? 0);
  if (ageMs === undefined && scheduleOf(started) !== undefined)
    void takeByItself(started, { kind: 'first' });
  const onSchedule = repeat(
    'schedule',
    () => SCHEDULE_LOOK_MS,
    async () => {
      const everyMs = scheduleOf(started);
      if (everyMs === undefined || clock.uptimeMs() - takenMs < everyMs) return;
      takenMs = clock.uptimeMs();
      await takeByItself(started, { kind: 'schedule' });
    },
    core,
  );
  return [soaking, onSchedule, recheckDuty(started, notices), goodDuty(started, notices)];
}

/** How often a checkpoint is due by itself; undefined while none is, or nothing can be kept. */
function scheduleOf({ core }: StartedCore): number | undefined {
  const { schedule } = core.config().checkpoints;
  return schedule === false || core.inventory().states.length === 0 ? undefined : schedule;
}

/**
 * Takes a checkpoint that nobody waits for: a failure is logged. While a run changes the state
 * there is nothing worth keeping, and the run needs the machine for itself: one that is being taken
 * when a run begins is given up.
 */
export async function takeByItself({ core }: StartedCore, reason: CheckpointReason): Promise<void> {
  await core.checkpoints.ended();
  const wanted = (): boolean =>
    core.rollbacks.active().every(({ state }) => state === 'NEEDS_OPERATOR');
  if (!wanted()) return;
  const taken = await core.checkpoints.take(reason, undefined, wanted);
  if (taken.ok) return;
  const { code, detail } = taken.error;
  if (code === 'LG_CHECKPOINT_GAVE_WAY') {
    core.log.info('CheckpointGaveWay', { reason: reason.kind });
    return;
  }
  core.log.warn('CheckpointTakenError', { reason: reason.kind, code, detail });
}

/** What could be restored once may not be today: bytes rot, keys go, targets change. */
function recheckDuty({ core }: StartedCore, notices: Notices): Stop {
  let isFirst = true;
  return repeat(
    'recheck',
    () => {
      const { recheck } = core.config().checkpoints;
      return isFirst ? Math.min(recheck, RECHECK_FIRST_MS_MAX) : recheck;
    },
    async () => {
      isFirst = false;
      for (const { id, before, why } of await recheckAll(core)) {
        const wasGood = before === 'good' || before === 'proven';
        notices.tell({
          kind: 'checkpoint',
          id: `${id} unrestorable`,
          urgency: wasGood ? 'critical' : 'warning',
          title: `checkpoint ${id}, which was ${before}, cannot be restored any more`,
          text: why,
        });
      }
    },
    core,
  );
}

function goodLookMs(warnAfter: number | false): number {
  const { least, most } = GOOD_LOOK_MS;
  return warnAfter === false ? most : Math.min(most, Math.max(least, warnAfter / 2));
}

/** Told once when it comes to be so, and again only after it was well meanwhile. */
function goodDuty({ core }: StartedCore, notices: Notices): Stop {
  let isTold = false;
  return repeat(
    'good',
    () => goodLookMs(core.config().checkpoints.warnAfter),
    async () => {
      const problem = goodProblem(core);
      if (problem !== undefined && !isTold) {
        const { what: title, mend: text } = problem;
        notices.tell({ kind: 'checkpoint', id: title, urgency: 'warning', title, text });
        core.log.warn('CheckpointGoodMissed', { why: title });
      }
      isTold = problem !== undefined;
    },
    core,
  );
}
