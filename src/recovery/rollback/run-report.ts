import type { RunProgress } from '../../model/run/run.ts';
import type { ReportItem, ReportProblem, RunReport } from '../../model/run/run-report.ts';
import type { RunRecord } from './step/record.ts';

/**
 * What became of each item, from the journal of a run that has ended; undefined while it has not.
 * Truthful where it hurts: of a run that went back nothing counts as changed.
 */
export function reportRun(record: RunRecord): RunReport | undefined {
  const { ended, plan } = record;
  if (ended === undefined) return undefined;
  const compared = plan.content.compared ?? [];
  const changed: ReportItem[] = [];
  const skipped: ReportProblem[] = compared.flatMap(({ state, left }) =>
    left === undefined ? [] : [{ state, path: '', why: left }],
  );
  const failed: ReportProblem[] = [];
  const broken = failedPaths(record);
  const standing = new Map(ended.progress.map((one) => [one.state, one]));
  const items = itemsOf(record);
  const named = new Set(items.map(({ state }) => state));
  for (const { state, path } of items) {
    const one = standing.get(state);
    const why = broken.has(`${state} ${path}`) ? record.decided?.why : undefined;
    if (why !== undefined) failed.push({ state, path, why });
    else if (one?.at === 'target') changed.push({ state, path });
    else if (one?.at === 'before') skipped.push({ state, path, why: whyBefore(record, state) });
    else failed.push({ state, path, why: whyNeither(one) });
  }
  const equal = compared.flatMap(({ state, equal: items, left }) =>
    // A state that holds nothing, as it should, is equal as well.
    items > 0 || (left === undefined && !named.has(state)) ? [{ state, items }] : [],
  );
  return { changed, equal, skipped, failed };
}

/** The items of the plan, as its differences name them, else as its steps do. */
function itemsOf({ plan: { content } }: RunRecord): readonly ReportItem[] {
  const named = new Set(content.changes.map(({ state }) => state));
  const others = content.steps.filter(({ state }) => !named.has(state));
  return [
    ...content.changes.map(({ state, path }) => ({ state, path })),
    ...others.flatMap(({ state, paths }) => paths.map((path) => ({ state, path }))),
  ];
}

/** The items of the step that turned the run back. */
function failedPaths({ plan, decided }: RunRecord): ReadonlySet<string> {
  const step = plan.content.steps.find(({ id }) => id === decided?.step);
  return new Set(step?.paths.map((path) => `${step.state} ${path}`));
}

/** A state is read as one: which of its items somebody else has changed is not known. */
function whyNeither(one: RunProgress | undefined): string {
  if (one === undefined) return 'not known';
  if (one.at !== 'foreign') return one.report;
  return `${one.report}: this or another item of ${one.state}`;
}

function whyBefore({ touched, ended }: RunRecord, state: string): string {
  const why = ended?.why ?? '';
  return touched.includes(state) ? `changed and taken back: ${why}` : `not reached: ${why}`;
}
