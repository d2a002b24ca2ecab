import type { Incident } from '../api/types.ts';
import type { IconName } from '../part/icon.tsx';
import type { Tone } from '../part/tone.ts';

/** How the advice on a rollback looks. */
export interface AdviceLook {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly words: string;
}

type Looks = Readonly<Record<Incident['rollback']['helps'], AdviceLook>>;

const NOW: Looks = {
  yes: { tone: 'good', icon: 'check', words: 'A rollback would help' },
  no: { tone: 'warn', icon: 'cross', words: 'Rolling back will not help' },
  unknown: { tone: 'quiet', icon: 'question', words: 'Whether a rollback would help is unknown' },
};

const THEN: Looks = {
  yes: { tone: 'quiet', icon: 'check', words: 'It is over; a rollback was advised' },
  no: { tone: 'quiet', icon: 'check', words: 'It is over; a rollback was advised against' },
  unknown: { tone: 'quiet', icon: 'check', words: 'It is over; no advice was given' },
};

/** Whether nothing is left to be advised: it is closed, or a rollback healed it already. */
export function isOver({ state }: Pick<Incident, 'state'>): boolean {
  return state === 'closed' || state === 'verifying';
}

/** What is over is told as what was: nobody shall go back because of it. */
export function adviceLook(incident: Pick<Incident, 'state' | 'rollback'>): AdviceLook {
  return (isOver(incident) ? THEN : NOW)[incident.rollback.helps];
}

/** The sentence without the verdict it repeats: that stands above it in large letters. */
export function reasonWords({ rollback: { helps, why } }: Pick<Incident, 'rollback'>): string {
  const verdict = NOW[helps].words.toLowerCase();
  return why.toLowerCase().startsWith(`${verdict}: `) ? why.slice(verdict.length + 2) : why;
}
