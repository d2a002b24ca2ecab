import type { Checkpoint, Component, Status, Trigger } from '../api/types.ts';
import { agoWords } from '../time/words.ts';
import type { Tone } from '../part/tone.ts';

/** How one component stands, with the reason in words. */
export interface ComponentHealth {
  readonly name: string;
  readonly tone: Tone;
  readonly why: string;
}

/**
 * How components stand, from what the API says: a firing trigger or an open incident first, then
 * the health checks of the newest checkpoint. Without any of these it is unknown, never healthy.
 */
export function componentHealth(
  components: readonly Component[],
  triggers: readonly Trigger[],
  status: Status | undefined,
  newest: Checkpoint | undefined,
  now: number,
): readonly ComponentHealth[] {
  return components.map(({ name }) => ({
    name,
    ...(triggered(name, triggers) ??
      inIncident(name, status) ??
      sampled(name, newest, now) ?? { tone: 'quiet' as const, why: 'no health is known' }),
  }));
}

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

function sampled(name: string, newest: Checkpoint | undefined, now: number): Judgement | undefined {
  const samples = newest?.manifest.samples.filter(({ component }) => component === name) ?? [];
  if (newest === undefined || samples.length === 0) return undefined;
  const when = `at the checkpoint ${agoWords(newest.manifest.takenAt, now)}`;
  const red = samples.find(({ color }) => color === 'red');
  if (red !== undefined) return { tone: 'warn', why: `${red.check}: ${red.seen}, ${when}` };
  const unknown = samples.find(({ color }) => color === 'unknown');
  if (unknown !== undefined) {
    return { tone: 'quiet', why: `${unknown.check}: ${unknown.seen}, ${when}` };
  }
  return { tone: 'good', why: `${samples.length} checks passed ${when}` };
}
