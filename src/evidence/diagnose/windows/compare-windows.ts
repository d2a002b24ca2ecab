import type { Suspect } from '../../../model/incident/suspect.ts';
import { eventPatterns } from './event-patterns.ts';
import { metricShifts } from './metric-shifts.ts';
import { rankComponents } from './rank-components.ts';
import { slowCalls } from './slow-calls.ts';
import type { WindowCase } from './window-case.ts';

/**
 * Ranks components by what is otherwise in the incident than in the baseline: what happens in an
 * operation, how long calls take, what metrics show. Knows no names of services and was fitted to
 * none. Pure and deterministic; nothing out of the ordinary gives no suspects.
 */
export function compareWindows(input: WindowCase): readonly Suspect[] {
  return rankComponents([...eventPatterns(input), ...slowCalls(input), ...metricShifts(input)]);
}
