import type { CheckState } from '../../model/health/check-state.ts';
import type { GuardName } from '../../model/run/plan.ts';
import { isTerminal, type RunCheck } from '../../model/run/run.ts';
import type { SeenNow } from './seen-now.ts';
import { checksNow } from './step/batches.ts';
import type { RunRecord } from './step/record.ts';
import { redBefore } from './undo.ts';

/** What was seen of checks. */
type Seen = Pick<SeenNow, 'samples' | 'redBefore'> & { readonly standing: readonly CheckState[] };

/**
 * Every check that concerns what a run touches: its guards and goals as the gate asked them last,
 * and beside them what stands on the same components and is none of its business. Kept nowhere: a
 * daemon that takes the run over asks anew.
 */
export function checksOf(record: RunRecord, seen: Seen): readonly RunCheck[] {
  if (isTerminal(record.phase)) return [];
  const gate = record.plan.content.checks;
  const notJudged = new Set([...redBefore(record), ...seen.redBefore].map(({ check }) => check));
  const asked = seen.samples === undefined ? [] : checksNow(record);
  const judged = gate.flatMap(({ role, check, component }): readonly RunCheck[] => {
    const isAsked = asked.some((one) => one.check === check && one.component === component);
    const now = isAsked ? sampled(seen, { check, component }) : stood(seen, check);
    if (now === undefined) return [];
    const shown = role === 'guard' && notJudged.has(check) ? 'not-judged' : role;
    return [{ role: shown, check, component, ...now }];
  });
  const names = new Set(gate.map(({ check }) => check));
  const others = seen.standing.filter(({ check }) => !names.has(check));
  const beside = others.map(({ check, component, ...state }): RunCheck => {
    const role = notJudged.has(check) ? 'not-judged' : 'beside';
    return { role, check, component, ...asStood(state) };
  });
  return [...judged, ...beside];
}

type Now = Pick<RunCheck, 'color' | 'seen' | 'at'>;

function sampled({ samples }: Seen, { check, component }: GuardName): Now {
  const sample = samples?.find((one) => one.check === check && one.component === component);
  const { color, seen } = sample ?? { color: 'unknown' as const, seen: 'no answer' };
  return { color, seen };
}

/** While the gate does not ask a check, whoever watches it all the time knows it. */
function stood({ standing }: Seen, check: string): Now | undefined {
  const state = standing.find((one) => one.check === check);
  return state && asStood(state);
}

/** Whoever decides wants the newest look, though it alone changes no verdict. */
function asStood(state: Pick<CheckState, 'color' | 'seen' | 'lastAt' | 'newest'>): Now {
  const { color, seen } = state.newest ?? state;
  return state.lastAt === undefined ? { color, seen } : { color, seen, at: state.lastAt };
}
