import { isWithin, type CaseLog, type CaseSpan, type WindowCase } from './window-case.ts';

/** One thing that happened within a unit. */
export interface UnitEvent {
  readonly key: string;
  readonly sort: 'start' | 'log' | 'child';
  readonly atMs: number;
  readonly isError: boolean;
}

/** One span with what happened in it; without spans, what one component logged of one trace. */
export interface Unit {
  readonly component: string;
  readonly operation: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly events: readonly UnitEvent[];
  readonly hasError: boolean;
  /** Index of the unit it is a part of; -1 for none. */
  readonly parent: number;
  readonly trace: number;
}

/** The first event of every unit. */
export const START = 'start';

/** The units of a case, of whatever time, those that are parts after no particular order. */
export function unitsOf(input: WindowCase): readonly Unit[] {
  return input.spans.length > 0 ? spanUnits(input) : traceUnits(input.logs);
}

/** The units that began within a window. */
export function unitsWithin(
  units: readonly Unit[],
  window: WindowCase['baseline'],
): readonly number[] {
  return [...units.keys()].filter((at) => isWithin(units[at]?.startMs ?? Number.NaN, window));
}

function spanUnits({ spans, logs }: WindowCase): readonly Unit[] {
  const indexes = new Map(spans.map(({ id }, at) => [id, at]));
  const events: UnitEvent[][] = spans.map(({ startMs }) => [started(startMs)]);
  for (const child of spans) {
    const at = indexes.get(child.parent);
    if (at === undefined) continue;
    events[at]?.push({
      key: `${child.component} ${child.operation}`,
      sort: 'child',
      atMs: child.startMs,
      isError: child.isError,
    });
  }
  for (const log of logs) {
    const at = log.span === 0 ? undefined : indexes.get(log.span);
    if (at !== undefined) events[at]?.push(logged(log));
  }
  return spans.map((span, at) => {
    const own = (events[at] ?? []).toSorted((a, b) => a.atMs - b.atMs);
    return {
      component: span.component,
      operation: span.operation,
      startMs: span.startMs,
      endMs: span.endMs,
      events: own,
      hasError: span.isError || own.some(({ isError }) => isError),
      parent: parentOf(span, indexes, spans),
      trace: span.trace,
    };
  });
}

/** A span that names itself, or a circle, has no parent. */
function parentOf(
  span: CaseSpan,
  indexes: ReadonlyMap<number, number>,
  spans: readonly CaseSpan[],
): number {
  const at = span.parent === 0 ? -1 : (indexes.get(span.parent) ?? -1);
  return at >= 0 && spans[at] === span ? -1 : at;
}

function traceUnits(logs: readonly CaseLog[]): readonly Unit[] {
  const groups = new Map<string, CaseLog[]>();
  for (const log of logs) {
    if (log.trace === 0) continue;
    const key = `${log.trace} ${log.component}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [log]);
    else group.push(log);
  }
  return [...groups.values()].map((group) => {
    const events = group.map(logged).toSorted((a, b) => a.atMs - b.atMs);
    const startMs = events[0]?.atMs ?? 0;
    return {
      component: group[0]?.component ?? '',
      operation: '',
      startMs,
      endMs: events.at(-1)?.atMs ?? startMs,
      events: [started(startMs), ...events],
      hasError: events.some(({ isError }) => isError),
      parent: -1,
      trace: group[0]?.trace ?? 0,
    };
  });
}

function started(atMs: number): UnitEvent {
  return { key: START, sort: 'start', atMs, isError: false };
}

function logged({ statement, atMs, isError }: CaseLog): UnitEvent {
  return { key: statement, sort: 'log', atMs, isError };
}
