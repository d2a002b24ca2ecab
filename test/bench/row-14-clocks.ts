import { CLOCK_CASES } from '../simulation/clocks/clock-cases.ts';
import { measureEdge } from '../simulation/clocks/measure-edge.ts';
import type { BenchFigure } from './bench-row.ts';

const SEEDS = [1, 2, 3, 4, 5];

/**
 * Row 14: how well clocks are known, in a simulation with truth: 30 minutes of every case, looked
 * at every 5 s, mean of five seeds. Half of the asymmetry of a way cannot be seen by anybody: 0.075
 * ms of the median are that. The last call's middle on the same calls is what Jaeger corrects by.
 */
export function measureClocks(): readonly BenchFigure[] {
  const cases = CLOCK_CASES.map((which) => {
    const runs = SEEDS.map((seed) => measureEdge(which, seed));
    const mean = (pick: (run: (typeof runs)[number]) => number): number =>
      runs.reduce((sum, run) => sum + pick(run), 0) / runs.length;
    return { which, runs, mean };
  });
  const [lan] = cases;
  if (lan === undefined) throw new Error('there is no case');
  const anchor = `Jaeger ${lan.mean(({ lastCall }) => lastCall.median).toFixed(2)} ms, no bound`;
  const uncovered = cases.map(({ mean }) => 100 * (1 - mean(({ covered }) => covered)));
  const stepped = cases.filter(({ which }) => which.steps !== undefined && !which.silent);
  const row = 14;
  return [
    {
      row,
      what: 'clock error, median',
      value: lan.mean((run) => run.median),
      unit: 'ms',
      target: 0.07,
      anchor,
    },
    {
      row,
      what: 'of that beyond half the asymmetry of the way',
      value: Math.abs(lan.mean((run) => run.median) - 0.075),
      unit: 'ms',
    },
    {
      row,
      what: 'clock error, 95 of 100',
      value: lan.mean((run) => run.p95),
      unit: 'ms',
      target: 0.15,
      anchor: `Jaeger ${lan.mean(({ lastCall }) => lastCall.p95).toFixed(2)} ms`,
    },
    { row, what: 'bound, median', value: lan.mean((run) => run.boundMedian), unit: 'ms' },
    {
      row,
      what: `truth outside of the bound, worst of ${cases.length} cases`,
      value: Math.max(...uncovered),
      unit: '%',
      target: 1,
    },
    {
      row,
      what: `until a step is told, slowest of ${stepped.length} cases`,
      value: Math.max(...stepped.flatMap(({ runs }) => runs.map((run) => run.stepSeconds))),
      unit: 's',
      target: 20,
    },
  ];
}
