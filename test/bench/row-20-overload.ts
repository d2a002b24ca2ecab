import { runOverload } from '../scenarios/overload/run-overload.ts';
import type { BenchFigure } from './bench-row.ts';

/** A kill of the evidence process ends each. */
const ROUND_MS = 30_000;

/** What the recovery plane may take for an answer, whatever happens beside it. */
const HEALTH_MS = 1_000;

/**
 * Row 20: a flood of three times what is taken, over OTLP, syslog and a file, with the evidence
 * process killed every half minute, a full disk in the middle and a torn log in the end.
 */
export async function measureOverload(minutes: number): Promise<readonly BenchFigure[]> {
  const undo: (() => Promise<void>)[] = [];
  const ending = { after: (step: () => Promise<void>) => void undo.push(step) };
  try {
    const report = await runOverload(ending, {
      rounds: Math.max(1, Math.round((minutes * 60_000) / ROUND_MS)),
      roundMs: ROUND_MS,
      senders: 48,
      messagesPerSecond: 5_000,
      diskMb: 1_024,
    });
    const { acknowledged, offered, seconds, tcp, udp, healthMs } = report;
    const stored = acknowledged + report.fileLines + tcp.stored + udp.stored;
    const came = offered + report.fileLines + tcp.sent + udp.sent;
    if (report.notFilled !== undefined) console.log(`SKIPPED in row 20: ${report.notFilled}`);
    return [
      figure('acknowledged records lost', report.lost.length, 'records', 0),
      figure('records stored twice', report.doubled.length, 'records', 0),
      figure('slowest answer of health', healthMs.at(-1) ?? Number.NaN, 'ms', HEALTH_MS),
      figure('records offered for one that was stored', came / stored, 'x'),
      figure('acknowledged over OTLP', acknowledged / seconds, '/s'),
      figure('datagrams shed and counted', udp.shed, 'records'),
      figure('kills of the evidence process', report.kills, ''),
      figure('most memory of the evidence process', report.peakMb, 'MB'),
    ];
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

function figure(what: string, value: number, unit: string, target?: number): BenchFigure {
  return { row: 20, what, value, unit, ...(target === undefined ? {} : { target }) };
}
