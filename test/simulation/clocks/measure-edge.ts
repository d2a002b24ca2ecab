import { ClockEdge } from '../../../src/evidence/align/graph/clock-edge.ts';
import { ClockWorld, WORLD_BEGIN_MS, type ClockCase } from './clock-world.ts';

/** How far an estimator was from the truth, looked at every five seconds. */
export interface EdgeMeasure {
  readonly median: number;
  readonly p95: number;
  readonly most: number;
  /** Of the bound. */
  readonly boundMedian: number;
  /** Share of the looks at which the bound held the truth. */
  readonly covered: number;
  /** The longest it took until a step was told, seconds; 0 without steps. */
  readonly stepSeconds: number;
  readonly stepsTold: number;
  /** The same errors of the last call's middle, which is what Jaeger corrects by. */
  readonly lastCall: { readonly median: number; readonly p95: number; readonly most: number };
}

const LOOK_MS = 5_000;
/** A fit needs a minute to begin with. */
const WARM_MS = 60_000;

/** Runs one case through an edge as it would happen, and compares it with the truth. */
export function measureEdge(which: ClockCase, seed: number): EdgeMeasure {
  const world = new ClockWorld(which, seed);
  const edge = new ClockEdge();
  const [errors, lastErrors, bounds]: [number[], number[], number[]] = [[], [], []];
  const stepTimes = (which.steps ?? []).map(({ minute }) => WORLD_BEGIN_MS + minute * 60_000);
  let [covered, stepSeconds, stepsTold] = [0, 0, 0];
  let [lookMs, lastMiddle] = [WORLD_BEGIN_MS + WARM_MS, Number.NaN];
  for (const call of world.calls()) {
    for (; lookMs < call.trueMs; lookMs += LOOK_MS) {
      const found = edge.at(lookMs);
      // Nothing is stamped by a host that is silent.
      if (found === undefined || world.isSilent(lookMs)) continue;
      const error = Math.abs(found.offsetMs - world.truthAt(lookMs));
      errors.push(error);
      bounds.push(found.boundMs);
      if (error <= found.boundMs) covered += 1;
      lastErrors.push(Math.abs(lastMiddle - world.truthAt(lookMs)));
    }
    const low = call.serverEnd - call.clientEnd;
    const high = call.serverStart - call.clientStart;
    lastMiddle = (low + high) / 2;
    const step = edge.add((call.clientStart + call.clientEnd) / 2, low, high);
    if (step === undefined) continue;
    stepsTold += 1;
    const before = stepTimes.filter((time) => time <= call.clientEnd).at(-1);
    if (before !== undefined) {
      stepSeconds = Math.max(stepSeconds, (call.clientEnd - before) / 1000);
    }
  }
  return {
    ...spread(errors),
    boundMedian: spread(bounds).median,
    covered: covered / errors.length,
    stepSeconds,
    stepsTold,
    lastCall: spread(lastErrors),
  };
}

function spread(values: readonly number[]): {
  readonly median: number;
  readonly p95: number;
  readonly most: number;
} {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return { median: at(0.5), p95: at(0.95), most: at(1) };
}
