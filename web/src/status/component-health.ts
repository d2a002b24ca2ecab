import type { Component, Status, Trigger } from '../api/types.ts';
import { clockWords } from '../time/words.ts';
import type { Tone } from '../part/tone.ts';

/** How one component stands, with the reason in words. */
export interface ComponentHealth {
  readonly name: string;
  readonly tone: Tone;
  readonly why: string;
}

/**
 * How components stand, from what the API says: a firing trigger or an open incident first, then
 * the declared health checks. Without any of these it is unknown, never healthy.
 */
export function componentHealth(
  components: readonly Component[],
  triggers: readonly Trigger[],
  status: Status | undefined,
  now: number,
): readonly ComponentHealth[] {
  return components.map(({ name }) => {
    const said = [
      triggered(name, triggers),
      inIncident(name, status),
      checked(name, status, now),
    ].filter((one) => one !== undefined);
    // What is bad counts before what only might be: a check stays red when an incident is quiet.
    const judged = said.find(({ tone }) => tone === 'bad') ?? said[0];
    return { name, ...(judged ?? { tone: 'quiet' as const, why: 'no health is known' }) };
  });
}

type Check = Status['standing']['checks'][number];
type Judgement = Omit<ComponentHealth, 'name'>;

function triggered(name: string, triggers: readonly Trigger[]): Judgement | undefined {
  const mine = triggers.filter((trigger) => trigger.component === name);
  const firing = mine.find(({ state }) => state === 'firing');
  if (firing !== undefined) return { tone: 'bad', why: firing.explanation };
  const pending = mine.find(({ state }) => state === 'pending');
  return pending === undefined ? undefined : { tone: 'warn', why: pending.explanation };
}

function inIncident(name: string, status: Status | undefined): Judgement | undefined {
  const incident = status?.incidents.find(({ components }) => components.includes(name));
  if (incident === undefined) return undefined;
  return { tone: incident.firing.length > 0 ? 'bad' : 'warn', why: incident.title };
}

/** A check that fails is bad news whether or not a trigger watches it. */
function checked(name: string, status: Status | undefined, now: number): Judgement | undefined {
  const mine = status?.standing.checks.filter(({ component }) => component === name) ?? [];
  const of = (color: Check['color']): Check | undefined =>
    mine.find((check) => check.color === color);
  const words = ({ check, seen, since }: Check): string =>
    `${check}: ${seen}${since === undefined ? '' : `, since ${clockWords(since, now)}`}`;
  const red = of('red');
  if (red !== undefined) return { tone: 'bad', why: words(red) };
  const unknown = of('unknown');
  if (unknown !== undefined) return { tone: 'quiet', why: words(unknown) };
  const green = of('green');
  return green === undefined ? undefined : { tone: 'good', why: words(green) };
}
