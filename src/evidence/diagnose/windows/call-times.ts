import { isWithin, type CaseSpan, type WindowCase } from './window-case.ts';

/** How long one thing took, in both windows. */
export interface TimedThing {
  /** Who calls; the same as `callee` for time that a component spends by itself. */
  readonly caller: string;
  readonly callee: string;
  /** The operation, where a component spends time by itself. */
  readonly operation: string;
  readonly before: number[];
  readonly now: number[];
}

/**
 * The time each component spends by itself, by operation, and the time between each caller and
 * callee: the span of the caller less that of the callee. Against a baseline a constant difference
 * of their clocks cancels out.
 */
export function callTimes(input: WindowCase): readonly TimedThing[] {
  const children = childrenOf(input.spans);
  const things = new Map<string, TimedThing>();
  for (const span of input.spans) {
    const side = isWithin(span.startMs, input.incident)
      ? 'now'
      : isWithin(span.startMs, input.baseline)
        ? 'before'
        : undefined;
    if (side === undefined) continue;
    const below = children.get(span.id) ?? [];
    const foreign = below.filter(({ component }) => component !== span.component);
    for (const child of foreign) {
      const ms = span.endMs - span.startMs - (child.endMs - child.startMs);
      thing(things, span.component, child.component, '')[side].push(Math.max(0, ms));
    }
    if (foreign.length > 0) continue;
    const later = (children.get(span.parent) ?? []).filter(
      ({ startMs, id }) => id !== span.id && startMs > span.startMs && startMs < span.endMs,
    );
    const own = span.endMs - span.startMs - covered(span, [...below, ...later]);
    thing(things, span.component, span.component, span.operation)[side].push(own);
  }
  return [...things.values()];
}

function thing(
  things: Map<string, TimedThing>,
  caller: string,
  callee: string,
  operation: string,
): TimedThing {
  const key = `${caller}\n${callee}\n${operation}`;
  const known = things.get(key);
  if (known !== undefined) return known;
  const fresh: TimedThing = { caller, callee, operation, before: [], now: [] };
  things.set(key, fresh);
  return fresh;
}

function childrenOf(spans: readonly CaseSpan[]): ReadonlyMap<number, readonly CaseSpan[]> {
  const children = new Map<number, CaseSpan[]>();
  for (const span of spans) {
    if (span.parent === 0 || span.parent === span.id) continue;
    const siblings = children.get(span.parent);
    if (siblings === undefined) children.set(span.parent, [span]);
    else siblings.push(span);
  }
  return children;
}

/** How much of a span others cover, counted once. */
function covered({ startMs, endMs }: CaseSpan, others: readonly CaseSpan[]): number {
  let total = 0;
  let until = startMs;
  for (const other of others.toSorted((a, b) => a.startMs - b.startMs)) {
    const [from, to] = [Math.max(until, other.startMs), Math.min(endMs, other.endMs)];
    if (to <= from) continue;
    total += to - from;
    until = to;
  }
  return total;
}
