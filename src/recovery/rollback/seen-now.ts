import type { CheckState } from '../../model/health/check-state.ts';
import type { ProbeSample } from '../../model/health/verdict.ts';
import type { GuardName } from '../../model/run/plan.ts';
import { isTerminal, type RunProgress, type RunView } from '../../model/run/run.ts';
import { checksOf } from './run-checks.ts';
import type { StateLook } from './state-watch.ts';
import type { RunRecord } from './step/record.ts';
import { whereIs } from './step/whereabouts.ts';

/** How the declared checks of components, and of whoever stands on them, are; the daemon knows. */
export type StandingOf = (components: readonly string[]) => readonly CheckState[];

/** What is seen of a run that is under way, beside what its journal says. */
export interface SeenNow {
  /** The last round of the gate; absent while it asks nothing. */
  readonly samples: readonly ProbeSample[] | undefined;
  /** The last look at what it changed; absent while it does not wait for a person. */
  readonly looks: readonly StateLook[] | undefined;
  readonly standing: StandingOf | undefined;
  /** What was red before the run that this one takes back. */
  readonly redBefore: readonly GuardName[];
}

/** The view of a run with what is seen of it now. Kept nowhere: who takes it over looks anew. */
export function withSeen(view: RunView, record: RunRecord, seen: SeenNow): RunView {
  if (isTerminal(view.state)) return view;
  const components = [...new Set(record.plan.content.steps.map(({ component }) => component))];
  const checks = checksOf(record, { ...seen, standing: seen.standing?.(components) ?? [] });
  const shown = checks.length === 0 ? view : { ...view, checks };
  if (view.state !== 'AWAITING_CONFIRM') return shown;
  const progress = view.progress.map((one) => asFound(record, one, seen.looks));
  const outlook = outlookOf(record, seen.looks);
  return { ...shown, progress, ...(outlook === undefined ? {} : { outlook }) };
}

/** As many as a sentence may name; `items` has all of them. */
const NAMED_MAX = 4;

/** Where a state stands by the last look at it. */
function asFound(
  record: RunRecord,
  progress: RunProgress,
  looks: readonly StateLook[] | undefined,
): RunProgress {
  const { state, component } = progress;
  const look = looks?.find((one) => one.state === state);
  if (look === undefined) return { ...progress, report: `${progress.report}; not read again yet` };
  const { at: readAt, items, why } = look;
  const at = whereFound(record, look);
  const found = { state, component, at, readAt };
  if (at === 'target') return { ...progress, readAt };
  if (at === 'unknown') return { ...found, report: `could not be read again: ${why ?? ''}` };
  if (at === 'before') return { ...found, report: 'as before the run: taken back since', items };
  return { ...found, report: `changed by somebody else since${named(items)}`, items };
}

function whereFound(record: RunRecord, { state, fingerprint }: StateLook): RunProgress['at'] {
  if (fingerprint === undefined) return 'unknown';
  const where = whereIs(record, { state, fingerprint, mixed: false, steps: [] });
  return where === 'between' ? 'torn' : where;
}

function named(items: readonly string[]): string {
  if (items.length === 0) return '';
  const more = items.length - NAMED_MAX;
  const names = items.slice(0, NAMED_MAX).join(', ');
  return `: ${names}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What becomes of a run that waits, where something is not as the run left it; else undefined. */
export function outlookOf(
  record: RunRecord,
  looks: readonly StateLook[] | undefined,
): string | undefined {
  const found = (looks ?? []).map((look) => ({ ...look, where: whereFound(record, look) }));
  const moved = found.filter(({ where }) => where !== 'target' && where !== 'unknown');
  if (moved.length === 0) return undefined;
  const foreign = moved.find(({ where }) => where === 'foreign');
  const then =
    foreign === undefined
      ? 'it ends REVERTED'
      : `it stops at ${foreign.state}, leaves that as it is and needs a person (NEEDS_OPERATOR)`;
  const names = moved.map(({ state }) => state).join(', ');
  return (
    `${names} changed since the run left it: confirm keeps nothing, because its last reading ` +
    `finds that and the run goes back, as it does by cancel and by silence. Going back, ${then}.`
  );
}
