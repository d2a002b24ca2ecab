import type { StateSpec } from '../model/component/component.ts';
import { hooksName, type Pause, type PauseWay } from '../model/component/pause.ts';
import { nameOf } from './pause.ts';
import type { Config } from './schema.ts';

type RawComponent = NonNullable<Config['components']>[number];
type RawWriter = RawComponent['writers'][number];

/** Whom a component's states have paused, as the model knows them; each state carries them all. */
export function pausesOf({
  name,
  writers,
  quiesce,
}: Pick<RawComponent, 'name' | 'writers' | 'quiesce'>): Pick<StateSpec, 'writers' | 'quiesce'> {
  return {
    ...(writers.length === 0 ? {} : { writers: writers.map(writerOf) }),
    ...(quiesce === undefined ? {} : { quiesce: quiesceOf(name, quiesce) }),
  };
}

function writerOf(raw: RawWriter): Pause {
  const { timeout: timeoutMs, onError } = raw;
  return { name: nameOf(raw), way: wayOf(raw), timeoutMs, onError };
}

function wayOf(raw: RawWriter): PauseWay {
  if ('unit' in raw) return { kind: 'unit', unit: raw.unit };
  if ('lock' in raw) return { kind: 'lock', path: raw.lock };
  const { pause, resume, paused } = raw;
  const way: PauseWay = { kind: 'commands', pause, resume };
  return paused === undefined ? way : { ...way, paused };
}

function quiesceOf(
  component: string,
  raw: NonNullable<RawComponent['quiesce']>,
): NonNullable<StateSpec['quiesce']> {
  const { freeze: pause, thaw: resume, limit: limitMs, timeout: timeoutMs, onError } = raw;
  const way: PauseWay = { kind: 'commands', pause, resume };
  return { name: hooksName(component), way, timeoutMs, onError, limitMs };
}
