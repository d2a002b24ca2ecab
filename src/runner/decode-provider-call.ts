import type { JsonObject, Json } from '../base/canonical-json.ts';
import { isBlobHash } from '../model/checkpoint/image-blob.ts';
import type { ExpectedTarget } from '../model/component/target-identity.ts';
import type { ProviderCall } from '../ports/provider-call.ts';
import { decodePauses } from './pause/decode-pauses.ts';

const METHODS: readonly ProviderCall['method'][] = [
  'capabilities',
  'identify',
  'observe',
  'capture',
  'validate',
  'apply',
  'fence',
  'foresee',
  'expect',
  'forgo',
  'arm',
  'extend',
  'pending',
  'confirm',
  'cancel',
  'pause',
  'resume',
  'paused',
];

/** No call lasts longer than the longest run. */
const DEADLINE_MS_MAX = 3_600_000;

/** As many paths as a state may have items. */
const PATHS_MAX = 2_000_000;

/** No timer waits longer than the longest run and the commit after it. */
const SECONDS_MAX = 2 * 3600;

/** The provider call in a message, or one sentence about what does not fit. */
export function decodeProviderCall(message: Json): ProviderCall | string {
  if (!isObject(message)) return 'a provider call is an object';
  const { id, method, state, runToken, deadlineMs, desired, paths, target, expects, ...timer } =
    members(message);
  if (typeof id !== 'string' || id === '') return 'a provider call has an id';
  const known = METHODS.find((name) => name === method);
  if (known === undefined) return `there is no method ${JSON.stringify(method)}`;
  if (typeof deadlineMs !== 'number' || !(deadlineMs > 0) || deadlineMs > DEADLINE_MS_MAX) {
    return `deadlineMs is between 1 and ${DEADLINE_MS_MAX}, not ${JSON.stringify(deadlineMs)}`;
  }
  if (state === undefined || !isObject(state)) return 'a provider call has a state';
  const { id: stateId, component, provider, spec } = members(state);
  if (typeof stateId !== 'string' || typeof component !== 'string') return 'a state has an id';
  if (typeof provider !== 'string') return 'a state names its provider';
  if (runToken !== undefined && !isToken(runToken)) return 'a runToken is a positive integer';
  if (desired !== undefined && !isBlobHash(desired)) return 'desired is the hash of a blob';
  const list = paths === undefined ? undefined : textsOf(paths);
  if (paths !== undefined && list === undefined) return 'paths is a list of texts';
  if (expects !== undefined && !isBlobHash(expects)) return 'expects is a fingerprint';
  const meant = target === undefined ? undefined : targetOf(target);
  if (target !== undefined && meant === undefined) return 'a target has a host';
  const stopped = decodePauses(state);
  if (typeof stopped === 'string') return stopped;
  const timed = timerOf(timer);
  if (typeof timed === 'string') return timed;
  return {
    id,
    method: known,
    state: { id: stateId, component, provider, spec, ...stopped },
    deadlineMs,
    ...(runToken === undefined ? {} : { runToken }),
    ...(desired === undefined ? {} : { desired }),
    ...(list === undefined ? {} : { paths: list }),
    ...(expects === undefined ? {} : { expects }),
    ...(meant === undefined ? {} : { target: meant }),
    ...timed,
  };
}

function timerOf({
  run,
  wanted,
  seconds,
  writer,
}: Readonly<Partial<Record<Member, Json>>>):
  | Pick<ProviderCall, 'run' | 'wanted' | 'seconds' | 'writer'>
  | string {
  if (run !== undefined && (typeof run !== 'string' || run === '')) return 'a run has a name';
  if (wanted !== undefined && !isBlobHash(wanted)) return 'wanted is the hash of a blob';
  if (writer !== undefined && typeof writer !== 'string') return 'a writer has a name';
  const isTime = typeof seconds === 'number' && seconds > 0 && seconds <= SECONDS_MAX;
  if (seconds !== undefined && !isTime) return `seconds is between 1 and ${SECONDS_MAX}`;
  return {
    ...(run === undefined ? {} : { run }),
    ...(wanted === undefined ? {} : { wanted }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(writer === undefined ? {} : { writer }),
  };
}

function targetOf(value: Json): ExpectedTarget | undefined {
  if (!isObject(value)) return undefined;
  const host = value['host'];
  const bootId = value['bootId'];
  const network = value['network'];
  if (typeof host !== 'string') return undefined;
  if (bootId !== undefined && typeof bootId !== 'string') return undefined;
  if (network !== undefined && typeof network !== 'string') return undefined;
  return {
    host,
    ...(bootId === undefined ? {} : { bootId }),
    ...(network === undefined ? {} : { network }),
  };
}

function isToken(value: Json): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function textsOf(value: Json): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > PATHS_MAX) return undefined;
  const texts = value.filter((entry) => typeof entry === 'string');
  return texts.length === value.length ? texts : undefined;
}

/** Whether a JSON value is an object. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Member =
  | 'id'
  | 'method'
  | 'state'
  | 'runToken'
  | 'deadlineMs'
  | 'desired'
  | 'paths'
  | 'expects'
  | 'target'
  | 'component'
  | 'run'
  | 'wanted'
  | 'seconds'
  | 'writer'
  | 'provider'
  | 'spec';

/** The members by their names; a missing one is undefined. */
function members(value: JsonObject): Readonly<Partial<Record<Member, Json>>> {
  return value;
}
