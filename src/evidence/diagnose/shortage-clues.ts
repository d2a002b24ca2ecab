import type { EventEvidence } from '../../model/evidence/evidence-summary.ts';
import type { Clue } from './clue.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { beginning, signOrder } from './sign-order.ts';
import { clock } from './wording.ts';

const CROSSING = /^(.+)\.threshold_(crossed|cleared)$/;

/** More than that something hurts, less than that a process ended: it may be a consequence. */
const SCORE = 0.35;

/** Clues that something ran short, such as a file system, and had not recovered when it broke. */
export function shortageClues(input: DiagnosisInput): readonly Clue[] {
  const { evidence } = input;
  const newest = new Map<string, EventEvidence>();
  for (const event of evidence.events) {
    const [, resource] = CROSSING.exec(event.eventName) ?? [];
    if (resource === undefined || event.at < evidence.baselineFrom) continue;
    // What was better before the trouble began did not cause it; later it is no matter.
    const isCleared = event.eventName.endsWith('cleared');
    if (isCleared && signOrder(input, event, beginning(input)).word !== 'before') continue;
    newest.set(`${event.component}\n${resource}\n${subjectOf(event)}`, event);
  }
  return [...newest.values()]
    .filter(({ eventName }) => eventName.endsWith('crossed'))
    .map((event) => ({
      component: event.component,
      kind: 'shortage',
      score: SCORE,
      text: `${event.component} ran short at ${clock(event.at)}: ${event.text}`,
      evidence: [],
      firstAt: event.at,
    }));
}

/** Which file system or mount: the words before the colon are equal when it is left again. */
function subjectOf({ text }: EventEvidence): string {
  return text.split(':', 1)[0] ?? '';
}
