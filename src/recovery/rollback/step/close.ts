import { shellQuote } from '../../../base/shell-quote.ts';
import { hideSecrets } from '../../../model/checkpoint/secret-text.ts';
import type { Instant } from '../../../model/run/instant.ts';
import type { RunEntry } from '../../../model/run/run-journal.ts';
import { RELEASE_TRIES_MAX, RETRY_PAUSE_MS } from './limits.ts';
import type { ActResult } from './act.ts';
import type { Effect } from './event.ts';
import type { Closing, RunMachine, Stage, Stepped } from './machine.ts';
import type { RunRecord } from './record.ts';
import { begin, fresh, rest, stamp, write } from './stepped.ts';

/**
 * The end of a run, the same for all four outcomes: no timer of ours runs on, no writer stays
 * paused, and only then the end is written. A crash in between does it all again.
 */
export function close(machine: RunMachine, closing: Closing): Stepped {
  // Devices of a committed run were confirmed, which took their timers away.
  const left = closing.state === 'COMMITTED' ? [] : machine.record.arming;
  return letGo(fresh(machine), left, closing);
}

/** Takes the answer of an act of the end. */
export function closeActed(
  machine: RunMachine,
  stage: Extract<Stage, { closing: Closing }>,
  result: ActResult,
  at: Instant,
): Stepped {
  const { closing } = stage;
  if (stage.kind === 'close-pause') return letGo(machine, stage.left, closing);
  const left = stage.kind === 'close-disarm' ? stage.left : [];
  if (result.kind === 'failed') {
    const tries = machine.tries + 1;
    if (tries < RELEASE_TRIES_MAX) {
      const ms = RETRY_PAUSE_MS * 2 ** machine.tries;
      const next = { kind: 'close-pause', left, closing } as const;
      return begin({ ...machine, tries }, next, { kind: 'pause', ms });
    }
    return stage.kind === 'close-disarm'
      ? letGo(machine, left.slice(1), withTimerLeft(closing, left[0] ?? '', result.why))
      : end(machine, withPausedLeft(closing, machine.record, result.why), at);
  }
  if (stage.kind === 'close-disarm') return letGo(machine, left.slice(1), closing);
  return end(machine, closing, at);
}

function letGo(machine: RunMachine, left: readonly string[], closing: Closing): Stepped {
  const [state] = left;
  if (state !== undefined) {
    const { fence } = machine.record;
    return begin(
      machine,
      { kind: 'close-disarm', left, closing },
      { kind: 'disarm', fence, state },
    );
  }
  const { writers } = machine.record;
  return begin(machine, { kind: 'close-resume', closing }, { kind: 'resume-writers', writers });
}

function end(machine: RunMachine, closing: Closing, at: Instant): Stepped {
  const entry: RunEntry = { kind: 'ended', at: stamp(at), ...closing };
  const healed = healedOf(machine.record, closing);
  const written = write(fresh(machine), healed === undefined ? entry : { ...entry, healed });
  const effects: Effect[] = [
    ...written.effects,
    { kind: 'notify', notice: notice(machine, closing) },
  ];
  // What needs a person stays locked, so that nobody builds on an unknown state.
  if (closing.state !== 'NEEDS_OPERATOR') effects.push({ kind: 'unlock' });
  return rest(written.machine, effects);
}

function healedOf({ healthy, decided }: RunRecord, { state }: Closing): boolean | undefined {
  if (state !== 'COMMITTED' && state !== 'REVERTED') return undefined;
  if (decided?.unhealed === true) return false;
  // What a person kept beside a red guard proves nothing, and so does a run that was cut short.
  return state === 'COMMITTED' && decided?.harmed !== true ? healthy?.healed : undefined;
}

function withTimerLeft(closing: Closing, state: string, why: string): Closing {
  const line = `# The timer of ${state} could not be taken away and may still revert it: ${why}`;
  const byHand = [...closing.byHand, line];
  return { ...closing, byHand };
}

function withPausedLeft(closing: Closing, record: RunRecord, why: string): Closing {
  const lines = record.writers.flatMap(({ name, unfreeze }) => [
    `# ${name} may still be paused (${why}); let it go on:`,
    hideSecrets(unfreeze.map(shellQuote).join(' ')),
  ]);
  return { ...closing, byHand: [...closing.byHand, ...lines] };
}

const URGENCY = {
  COMMITTED: 'info',
  REVERTED: 'warning',
  ABORTED: 'warning',
  NEEDS_OPERATOR: 'critical',
} as const;

function notice(
  machine: RunMachine,
  closing: Closing,
): Extract<Effect, { kind: 'notify' }>['notice'] {
  const { state, why, byHand } = closing;
  const title = `Rollback ${machine.record.run} ended ${state}`;
  // Whoever is still paused, or may still be reverted, needs a person, however well it ended.
  const urgency = byHand.length > 0 ? 'critical' : URGENCY[state];
  return { urgency, title, text: [why, ...byHand].join('\n') };
}
