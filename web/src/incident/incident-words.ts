import type { Incident, Suspect } from '../api/types.ts';
import type { Tone } from '../part/tone.ts';

/** How an incident's state looks. */
export const STATE_TONES: Readonly<Record<Incident['state'], Tone>> = {
  open: 'bad',
  acknowledged: 'warn',
  mitigating: 'busy',
  verifying: 'busy',
  closed: 'quiet',
};

/** How a suspect's verdict looks and what it means. */
export const VERDICT_LOOK: Readonly<
  Record<Suspect['verdict'], { readonly tone: Tone; readonly means: string }>
> = {
  PROVEN: { tone: 'bad', means: 'reverting it cured the trouble' },
  LIKELY: { tone: 'bad', means: 'the evidence points here' },
  CORRELATED: { tone: 'warn', means: 'it happened together; that alone proves nothing' },
  UNKNOWN: { tone: 'quiet', means: 'not enough evidence' },
};

/** Where a piece of evidence leads: a checkpoint has a page, a change and a record are named. */
export function evidenceTarget(evidence: string): readonly string[] | undefined {
  return /^cp_[0-9a-f]+$/.test(evidence) ? ['checkpoints', evidence] : undefined;
}
