import { callTimes, type TimedThing } from './call-times.ts';
import type { Finding } from './finding.ts';
import { ascending, confidence, likelihoodGain, median, quantile } from './proportion.ts';
import { isWithin, type WindowCase } from './window-case.ts';

/** Calls on either side below which nothing is said. */
const CALLS_MIN = 3;
const GAIN_MIN = 3;
/** Callers are less often to blame for a slow call than callees. */
const CALLER_WEIGHT = 0.9;

/** How much slower something became. */
interface Slowness extends TimedThing {
  readonly score: number;
  readonly shiftMs: number;
  readonly slow: number;
  readonly usualMs: number;
}

/** Calls and operations that take longer than they did, told of the end that is to blame. */
export function slowCalls(input: WindowCase): readonly Finding[] {
  const things = callTimes(input);
  const floorMs = Math.max(1, 0.1 * entryMs(input));
  const isEdge = ({ caller, callee }: TimedThing): boolean => caller !== callee;
  const pooled = ascending(things.filter(isEdge).flatMap(({ before }) => before));
  const slow = things.flatMap((thing) => {
    const usual = thing.before.length >= CALLS_MIN || !isEdge(thing) ? undefined : pooled;
    const found = slowness(thing, usual ?? ascending(thing.before), floorMs);
    return found === undefined ? [] : [found];
  });
  const own = slow.filter((one) => !isEdge(one)).map(ownFinding);
  return [...own, ...blamedEnds(slow.filter(isEdge), things.filter(isEdge))];
}

/** The usual duration of what is at the top of a trace. */
function entryMs({ spans, baseline }: WindowCase): number {
  const ids = new Set(spans.map(({ id }) => id));
  const entries = spans.filter(
    ({ parent, startMs }) => !ids.has(parent) && isWithin(startMs, baseline),
  );
  return median(ascending(entries.map(({ startMs, endMs }) => endMs - startMs))) ?? 0;
}

function slowness(thing: TimedThing, before: Float64Array, floorMs: number): Slowness | undefined {
  const { now } = thing;
  if (before.length < CALLS_MIN || now.length < CALLS_MIN) return undefined;
  const limit = quantile(before, 0.95) ?? 0;
  const usualMs = median(before) ?? 0;
  const beyond = ascending(now.filter((ms) => ms > limit));
  const was = before.filter((ms) => ms > limit).length;
  const shiftMs = (median(beyond) ?? 0) - usualMs;
  const share = beyond.length / now.length - was / before.length;
  if (beyond.length === 0 || shiftMs <= 0 || share <= 0) return undefined;
  const gain = likelihoodGain(was, before.length, beyond.length, now.length);
  if (gain < GAIN_MIN) return undefined;
  const size = Math.max(1, Math.log10(shiftMs / (usualMs + floorMs)));
  const effect = shiftMs / (shiftMs + usualMs + floorMs);
  const score = confidence(gain * size) * share * effect;
  return { ...thing, score, shiftMs, slow: beyond.length, usualMs };
}

function ownFinding(one: Slowness): Finding {
  const { callee, operation, slow, now, shiftMs, usualMs, score } = one;
  return {
    kind: 'time',
    component: callee,
    score,
    naming: 1,
    resource: `latency of ${operation}`,
    text:
      `${operation} takes ${round(shiftMs)} ms longer by itself in ${slow} of ${now.length} ` +
      `(usually ${round(usualMs)} ms)`,
    evidence: [operation],
  };
}

/** One end of slow calls and what speaks for its being the cause. */
interface End {
  readonly component: string;
  readonly isCallee: boolean;
  readonly calls: readonly Slowness[];
  readonly cover: number;
  readonly weight: number;
}

/** Takes the end that explains most, then what is left, until nothing is. */
function blamedEnds(slow: readonly Slowness[], all: readonly TimedThing[]): readonly Finding[] {
  const findings: Finding[] = [];
  let left = slow;
  while (left.length > 0) {
    const best = endsOf(left, all).toSorted((a, b) => b.weight - a.weight)[0];
    if (best === undefined) break;
    findings.push(endFinding(best));
    left = left.filter((one) => !best.calls.includes(one));
  }
  return findings;
}

function endsOf(slow: readonly Slowness[], all: readonly TimedThing[]): readonly End[] {
  const of = (side: 'caller' | 'callee'): readonly End[] =>
    [...new Set(slow.map((one) => one[side]))].map((component) => {
      const calls = slow.filter((one) => one[side] === component);
      const total = all.filter((one) => one[side] === component);
      const cover = sum(calls.map(({ now }) => now.length)) / sum(total.map((t) => t.now.length));
      const lost = sum(calls.map(({ shiftMs, slow: count }) => shiftMs * count));
      const isCallee = side === 'callee';
      return {
        component,
        isCallee,
        calls,
        cover,
        weight: lost * cover * (isCallee ? 1 : CALLER_WEIGHT),
      };
    });
  return [...of('callee'), ...of('caller')];
}

function endFinding({ component, isCallee, calls, cover }: End): Finding {
  const best = calls.toSorted((a, b) => b.score - a.score)[0];
  const total = sum(calls.map(({ now }) => now.length));
  const pooled = sum(calls.map(({ score, now }) => score * now.length)) / total;
  const others = [...new Set(calls.map((one) => (isCallee ? one.caller : one.callee)))];
  const slow = sum(calls.map((one) => one.slow));
  return {
    kind: 'time',
    component,
    score: Math.max(best?.score ?? 0, pooled) * cover,
    naming: 1,
    resource: 'network latency',
    text:
      `the way ${isCallee ? 'to it from' : 'from it to'} ${others.join(', ')} takes ` +
      `${round(best?.shiftMs ?? 0)} ms longer in ${slow} of ${total} calls ` +
      `(usually ${round(best?.usualMs ?? 0)} ms): delay between the two, or waiting for it`,
    evidence: others.map((other) =>
      isCallee ? `${other} → ${component}` : `${component} → ${other}`,
    ),
  };
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

function round(ms: number): string {
  return ms >= 10 ? ms.toFixed(0) : ms.toPrecision(2);
}
