import type { CallAnswer } from '../../api/client.ts';
import { distance, moment } from './moment.ts';
import { harmless } from './paint.ts';

type Unresolved = CallAnswer<'coverageList'>['unresolved'][number];

/** A name that nobody knows: how much, since when, from where, and what mends it. */
export function unresolvedText(one: Unresolved, nowMs: number): string {
  const { name, records, since, lastAt, sources, proposal, mixed, mend } = one;
  const shown = name === '' ? 'records without a name' : harmless(name);
  const count = `${records} record${records === 1 ? '' : 's'}`;
  const times = `since ${moment(since, nowMs)}, last ${distance(lastAt, nowMs)}`;
  const from = sources.map(harmless).join(', ');
  const likely =
    proposal === undefined
      ? ''
      : `\nlikely ${harmless(proposal.component)}: ${harmless(proposal.why)}`;
  const many =
    mixed === undefined ? '' : `\nmore than one is called so: ${mixed.map(harmless).join(', ')}`;
  return `${shown}: ${count} ${times}, from ${from}${many}${likely}\nmend: ${harmless(mend)}`;
}
