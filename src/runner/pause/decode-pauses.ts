import type { Json, JsonObject } from '../../base/canonical-json.ts';
import type { StateSpec } from '../../model/component/component.ts';
import {
  WRITERS_MAX,
  type Pause,
  type PauseWay,
  type Quiesce,
} from '../../model/component/pause.ts';

const WORDS_MAX = 64;
/** Nobody stands still for longer than the longest run. */
const MS_MAX = 2 * 3_600_000;

/** Whom a state of a provider call names, or one sentence about what does not fit. */
export function decodePauses(state: JsonObject): Pick<StateSpec, 'writers' | 'quiesce'> | string {
  const { writers, quiesce } = { writers: undefined, quiesce: undefined, ...state };
  const decoded = writersOf(writers);
  if (decoded === undefined) return 'writers is a list of who can be paused';
  const hooks = quiesce === undefined ? undefined : quiesceOf(quiesce);
  if (quiesce !== undefined && hooks === undefined) return 'quiesce is a pair of commands';
  return {
    ...(writers === undefined ? {} : { writers: decoded }),
    ...(hooks === undefined ? {} : { quiesce: hooks }),
  };
}

function writersOf(value: Json | undefined): readonly Pause[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > WRITERS_MAX) return undefined;
  const writers = value.flatMap((one) => pauseOf(one) ?? []);
  return writers.length === value.length ? writers : undefined;
}

function quiesceOf(value: Json): Quiesce | undefined {
  const pause = pauseOf(value);
  const { limitMs } = { limitMs: undefined, ...(isObject(value) ? value : {}) };
  if (pause === undefined || !isTime(limitMs)) return undefined;
  return { ...pause, limitMs };
}

function pauseOf(value: Json): Pause | undefined {
  if (!isObject(value)) return undefined;
  const { name, way, timeoutMs, onError } = { ...NO_PAUSE, ...value };
  const decoded = isObject(way) ? wayOf(way) : undefined;
  if (typeof name !== 'string' || decoded === undefined || !isTime(timeoutMs)) return undefined;
  if (onError !== 'fail' && onError !== 'continue') return undefined;
  return { name, way: decoded, timeoutMs, onError };
}

const NO_PAUSE = { name: undefined, way: undefined, timeoutMs: undefined, onError: undefined };

function wayOf(value: JsonObject): PauseWay | undefined {
  const { kind, unit, path, pause, resume, paused } = { ...NO_WAY, ...value };
  if (kind === 'unit') return typeof unit === 'string' ? { kind, unit } : undefined;
  if (kind === 'lock') return typeof path === 'string' ? { kind, path } : undefined;
  const [stop, go, ask] = [wordsOf(pause), wordsOf(resume), wordsOf(paused)];
  if (kind !== 'commands' || stop === undefined || go === undefined) return undefined;
  if (paused === undefined) return { kind, pause: stop, resume: go };
  return ask === undefined ? undefined : { kind, pause: stop, resume: go, paused: ask };
}

const NO_WAY = {
  kind: undefined,
  unit: undefined,
  path: undefined,
  pause: undefined,
  resume: undefined,
  paused: undefined,
};

function wordsOf(value: Json | undefined): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > WORDS_MAX) return undefined;
  const words = value.filter((word) => typeof word === 'string');
  return words.length === value.length ? words : undefined;
}

function isTime(value: Json | undefined): value is number {
  return typeof value === 'number' && value > 0 && value <= MS_MAX;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
