import type { Instant } from '../../../model/run/instant.ts';
import {
  ABSENCE_GAP_MS,
  AWAY_MS_MAX,
  AWAY_NOTICE_MS,
  AWAY_PAUSE_MS_MAX,
  RETRY_PAUSE_MS,
} from './limits.ts';
import type { ActResult } from './act.ts';
import type { Effect } from './event.ts';
import type { Away, RunMachine, Stepped } from './machine.ts';
import { begin } from './stepped.ts';
import { stuck } from './survey.ts';

/** Whether nobody answered at all, which says nothing about what was asked. */
export function isAway(result: ActResult): result is Extract<ActResult, { kind: 'failed' }> {
  return result.kind === 'failed' && result.code === 'LG_RUNTIME_HOST_DOWN';
}

/**
 * Waits for a host that does not answer. Nothing was tried there, so no try is used up: a runner
 * that is restarted, a cable that is mended or a night without a link ends with the way back being
 * gone by itself. Meanwhile the dead-man over there keeps the deadline. People are told soon, and
 * every hour; after a day one of them decides.
 */
export function waitForHost(machine: RunMachine, why: string, at: Instant): Stepped {
  const { since, pauses, told } = absenceAt(machine, at);
  const awayMs = at.uptimeMs - since.uptimeMs;
  if (awayMs >= AWAY_MS_MAX) return stuck(machine, `${why}; it was waited for a day`);
  const isDue = awayMs >= AWAY_NOTICE_MS.first + told * AWAY_NOTICE_MS.every;
  const away = { since, last: at, pauses: pauses + 1, told: told + (isDue ? 1 : 0) };
  const ms = Math.min(RETRY_PAUSE_MS * 2 ** pauses, AWAY_PAUSE_MS_MAX);
  const effects = isDue ? [noticeOf(machine, why, awayMs)] : [];
  return begin({ ...machine, away }, { kind: 'undo-pause' }, { kind: 'pause', ms }, effects);
}

/**
 * The absence that goes on. That others answered in between does not end it: on the way back they
 * are asked again and again before whoever is away. Unasked for longer than between two tries, it
 * is another one.
 */
function absenceAt({ away }: RunMachine, at: Instant): Pick<Away, 'since' | 'pauses' | 'told'> {
  const none = { since: at, pauses: 0, told: 0 };
  if (away === undefined) return none;
  return at.uptimeMs - away.last.uptimeMs > ABSENCE_GAP_MS ? none : away;
}

function noticeOf(machine: RunMachine, why: string, awayMs: number): Effect {
  const title = `Rollback ${machine.record.run} waits for a host to go back on`;
  const minutes = Math.floor(awayMs / 60_000);
  const text = `${why}. Waited ${minutes} min; it goes on as soon as the host answers.`;
  return { kind: 'notify', notice: { urgency: 'warning', title, text } };
}
