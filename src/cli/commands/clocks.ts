import { toSecond } from '../../base/time.ts';
import { TRUE_TIME, type ClockOffset } from '../../model/evidence/clock-offset.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { AddCommand } from '../invocation.ts';
import { addCall, textOption } from '../remote/call-command.ts';
import { harmless } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import { showTable } from '../screen/table.ts';

/** `lastgood clocks`: how far the clocks of other machines are from ours. */
export const addClocks: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'clocks',
    examples: ['clocks', 'clocks --explain web1'],
    about: 'clocks related to ours, with offset and bound; which are corrected, and why',
    options: [
      ['--explain [host]', 'only the clock of this host, in sentences; alone: which there are'],
    ],
    call: 'clockList',
    input: (_args, options) => {
      const clock = textOption(options['explain']);
      return clock === undefined ? {} : { clock };
    },
    show: ({ clocks }, screen, options) => showClocks(clocks, screen, options['explain']),
  });
};

/** Prints clocks as a table, or what is known of those that are to be explained. */
export function showClocks(
  clocks: readonly ClockOffset[],
  screen: Screen,
  explain: string | boolean | undefined,
): undefined {
  if (explain === true) throw whichClock(clocks);
  if (textOption(explain) !== undefined) {
    for (const one of clocks) for (const line of explained(one)) screen.out(harmless(line));
    return;
  }
  showTable(
    screen,
    'none related to ours: nothing came from another clock yet',
    ['CLOCK', 'OFFSET ms', 'BOUND ms', 'METHOD', 'CORRECTED'],
    clocks.map((one) => [
      harmless(one.clock),
      milliseconds(one.offsetNs),
      one.boundNs === undefined ? 'unknown' : milliseconds(one.boundNs),
      one.method,
      one.corrected ? 'yes' : 'no',
    ]),
  );
}

/** Who asks for an explanation of nothing is told what there is to explain. */
function whichClock(clocks: readonly ClockOffset[]): Error {
  const names = clocks.map(({ clock }) => harmless(clock)).join(', ');
  const known = clocks.length === 0 ? 'none is related to ours yet' : `known are ${names}`;
  return lgError('LG_RUNTIME_USAGE', `--explain needs the name of a clock; ${known}`);
}

function milliseconds(ns: number): string {
  return (ns / 1e6).toFixed(3);
}

/** What is known of one clock, from where, and what follows. */
function explained(one: ClockOffset): readonly string[] {
  const { clock, offsetNs, boundNs, driftPpm, since } = one;
  const side = offsetNs < 0 ? 'behind' : 'ahead of';
  const bound = boundNs === undefined ? 'nothing bounds it' : `± ${milliseconds(boundNs)} ms`;
  return [
    `${clock} is ${milliseconds(Math.abs(offsetNs))} ms ${side} ours, ${bound}`,
    `  how: ${how(one)}`,
    ...(since === undefined ? [] : [`  without a step since ${toSecond(since)}`]),
    ...(driftPpm === 0 ? [] : [`  it runs ${driftPpm} ppm ${driftPpm > 0 ? 'fast' : 'slow'}`]),
    ...(clock === TRUE_TIME ? ['  it is true time: no record is stamped by it'] : [records(one)]),
  ];
}

function records(one: ClockOffset): string {
  return one.corrected
    ? '  its records are corrected; their own time stays as it was stamped'
    : `  its records keep their own time: ${why(one)}`;
}

function how({ method, via }: ClockOffset): string {
  switch (method) {
    case 'span-pairs':
      return `by calls of which both sides were traced, over ${via.join(' > ')}`;
    case 'exchanges':
      return `by answers of its host runner, over ${via.join(' > ')}`;
    case 'ntp':
      return `by what NTP says of it and of ours, over ${via.join(' > ')}`;
    case 'zone':
      return 'its records come as if from another time zone';
    case 'one-way':
      return 'by when its records came; that the fastest took at most 250 ms is assumed';
    case 'whole-seconds':
      return 'by when its records came; their stamps have no fraction, which hides up to a second';
    default:
      return `by relations that contradict each other, over ${via.join(' > ')}`;
  }
}

function why({ method }: ClockOffset): string {
  if (method === 'inconsistent') return 'what relates it to others contradicts itself';
  return 'it may be right, since the offset is less than its bound';
}
