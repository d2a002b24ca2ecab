import type { CallAnswer } from '../../../api/client.ts';
import { harmless } from '../../screen/paint.ts';
import { distance, localClock } from '../../screen/moment.ts';

type Announced = CallAnswer<'status'>['announced'][number];

/** What goes back by itself and when, then every way to say no, a line each. */
export function announcedLines(
  { incident, components, target, due }: Omit<Announced, 'plan' | 'planHash' | 'at'>,
  nowMs: number,
): readonly string[] {
  const who = components.join(', ');
  const verb = components.length === 1 ? 'goes' : 'go';
  const when = Date.parse(due) > nowMs ? `${distance(due, nowMs)}, at` : 'now, due at';
  const ways = [
    [`lastgood incident ack ${incident}`, 'look after it yourself'],
    ['lastgood rollback automatic off --reason WHY', 'let none begin by itself, on its host'],
    ['lastgood hold on --reason WHY', 'stop every write of lastgood'],
  ] as const;
  const width = Math.max(...ways.map(([command]) => command.length));
  return [
    harmless(`${who} ${verb} back to ${target} by itself ${when} ${localClock(due)}, unless you:`),
    ...ways.map(([command, does]) => `  ${command.padEnd(width)}  ${does}`),
  ];
}
