import type { RunEntry } from '../../../src/model/run/run-journal.ts';
import type { Node } from './node.ts';
import { DEADLINE_TICKS, PLAN_TICKS, TICK_MS } from './small-clock.ts';

/** Ticks that have truly passed since the first timer was armed. */
export function sinceArmed({ durable, clock }: Pick<Node, 'durable' | 'clock'>): number {
  const { deadline } = durable;
  return deadline === undefined ? 0 : clock.ticks - deadline.set.uptimeMs / TICK_MS;
}

/** Ticks after arming at which the run gives up. */
export function deadlineTicks({ durable }: Pick<Node, 'durable'>): number {
  const { deadline } = durable;
  return deadline === undefined ? DEADLINE_TICKS : deadline.afterMs / TICK_MS;
}

/** What is wrong with an entry at the instant it is written. */
export function judgeEntry(entry: RunEntry, node: Node): readonly string[] {
  if (entry.kind === 'approved') return judgeWord(entry.by, node);
  if (entry.kind !== 'decided' || entry.decision !== 'CONFIRM') return [];
  const sins: string[] = [];
  if (sinceArmed(node) >= deadlineTicks(node)) sins.push('confirmed after the deadline');
  if (node.clock.boots > 0) sins.push('confirmed after the machine was restarted');
  const { samples } = node.durable.plan.content.gate;
  const isKept = entry.by === 'lastgood';
  if (isKept && node.world.greens < samples) sins.push('kept before it had held for its window');
  return sins;
}

/** Bob alone looked at this very plan; Carl looked at another, and Ann asked for it. */
function judgeWord(by: string, { clock }: Node): readonly string[] {
  const sins: string[] = [];
  if (by === 'carl') sins.push('the word for another plan was taken');
  if (by === 'ann') sins.push('the word of who asked was taken');
  if (clock.ticks >= PLAN_TICKS) sins.push('a word was taken for a plan that is too old');
  return sins;
}
