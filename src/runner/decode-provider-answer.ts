import type { Json } from '../base/canonical-json.ts';
import { DISRUPTIONS } from '../model/checkpoint/change.ts';
import { isBlobHash } from '../model/checkpoint/image-blob.ts';
import type { TargetIdentity } from '../model/component/target-identity.ts';
import type { ObservedState, PausedNow } from '../ports/provider-client.ts';
import type { Applied, PendingRevert, ProviderCapabilities } from '../ports/provider.ts';
import { isObject } from './decode-provider-call.ts';

const ATOMIC = ['all', 'per-item', 'none'] as const;
const CONFIRM = ['native', 'supervisor', 'none'] as const;
const SURVIVES = ['session', 'daemon', 'reboot'] as const;
const EXACTNESS = ['bytes', 'semantic'] as const;
const APPLIED = ['done', 'failed-clean', 'unknown'] as const;

/** The answer to `capabilities`; undefined when it has another form. */
export function decodeCapabilities(answer: Json): ProviderCapabilities | undefined {
  if (!isObject(answer)) return undefined;
  const atomic = oneOf(ATOMIC, answer['atomic']);
  const confirm = oneOf(CONFIRM, answer['confirm']);
  const exactness = oneOf(EXACTNESS, answer['exactness']);
  const disruption = oneOf(DISRUPTIONS, answer['disruption']);
  const survives = answer['confirmSurvives'];
  if (!atomic || !confirm || !exactness || !disruption || !Array.isArray(survives)) {
    return undefined;
  }
  const why = answer['notRestorableBecause'];
  return {
    atomic,
    confirm,
    exactness,
    disruption,
    confirmSurvives: survives.flatMap((word) => oneOf(SURVIVES, word) ?? []),
    idempotent: answer['idempotent'] === true,
    validateOnTarget: answer['validateOnTarget'] === true,
    partial: answer['partial'] === true,
    offline: answer['offline'] === true,
    // A provider that does not say is held to bear data: the careful reading.
    dataBearing: answer['dataBearing'] !== false,
    restorable: answer['restorable'] === true,
    ...(typeof why === 'string' ? { notRestorableBecause: why } : {}),
    ...decodeLack(answer['lacks'] ?? null),
    ...(answer['comparesOnly'] === true ? { comparesOnly: true } : {}),
  };
}

function decodeLack(lack: Json): Pick<ProviderCapabilities, 'lacks'> {
  if (!isObject(lack)) return {};
  const access = oneOf(['read', 'write', 'root'] as const, lack['access']);
  const path = lack['path'];
  if (access === 'root') return { lacks: { access } };
  return access === undefined || typeof path !== 'string' ? {} : { lacks: { access, path } };
}

/** The answer to `identify`. */
export function decodeIdentity(answer: Json): TargetIdentity | undefined {
  if (!isObject(answer)) return undefined;
  const host = answer['host'];
  const bootId = answer['bootId'];
  const network = answer['network'];
  if (typeof host !== 'string' || typeof bootId !== 'string') return undefined;
  return { host, bootId, ...(typeof network === 'string' ? { network } : {}) };
}

/** The answer to `observe` and `capture`. */
export function decodeObserved(answer: Json): ObservedState | undefined {
  if (!isObject(answer)) return undefined;
  const { fingerprint, image, items, bytes, unreadable, coverage, drift } = {
    ...NO_STATE,
    ...answer,
  };
  const disagreements = decodeReasons(drift) ?? [];
  if (typeof fingerprint !== 'string' || !isBlobHash(image)) return undefined;
  if (typeof items !== 'number' || typeof bytes !== 'number') return undefined;
  if (!Array.isArray(unreadable) || !isObject(coverage)) return undefined;
  return {
    fingerprint,
    image,
    items,
    bytes,
    unreadable: unreadable.flatMap((entry) => {
      if (!isObject(entry)) return [];
      return [{ path: String(entry['path']), why: String(entry['why']) }];
    }),
    coverage: {
      included: decodeReasons(coverage['included'] ?? null) ?? [],
      excluded: decodeReasons(coverage['excluded'] ?? null) ?? [],
    },
    ...(disagreements.length === 0 ? {} : { drift: disagreements }),
  };
}

const NO_STATE: Readonly<Record<keyof ObservedState, Json>> = {
  fingerprint: null,
  image: null,
  items: null,
  bytes: null,
  unreadable: null,
  coverage: null,
  drift: null,
};

/** The answer to `validate`: a list of sentences. */
export function decodeReasons(answer: Json): readonly string[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  const texts = answer.filter((entry) => typeof entry === 'string');
  return texts.length === answer.length ? texts : undefined;
}

/** The answer to `apply`. */
export function decodeApplied(answer: Json): Applied | undefined {
  if (!isObject(answer)) return undefined;
  const kind = oneOf(APPLIED, answer['kind']);
  if (kind === undefined || kind === 'done') return kind === undefined ? undefined : { kind };
  return { kind, why: String(answer['why']) };
}

/** The answer of calls that have none. */
export function decodeNothing(answer: Json): true | undefined {
  return answer === null ? true : undefined;
}

/** The answer to `confirm`. */
export function decodeConfirmed(answer: Json): 'confirmed' | 'already-reverted' | undefined {
  return oneOf(['confirmed', 'already-reverted'] as const, answer);
}

/** The answer to `pending`. */
export function decodePending(answer: Json): readonly PendingRevert[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  return answer.flatMap((entry): readonly PendingRevert[] => {
    if (!isObject(entry)) return [];
    const { run, seconds } = { run: null, seconds: null, ...entry };
    return [
      {
        ...(typeof run === 'string' ? { run } : {}),
        ...(typeof seconds === 'number' ? { seconds } : {}),
      },
    ];
  });
}

/** The answer to `resume`. */
export function decodeResumed(answer: Json): 'resumed' | 'expired' | undefined {
  return oneOf(['resumed', 'expired'] as const, answer);
}

/** The answer to `paused`. */
export function decodePaused(answer: Json): readonly PausedNow[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  return answer.flatMap((entry): readonly PausedNow[] => {
    if (!isObject(entry)) return [];
    const { run, name, seconds, byHand, problem } = { ...NOBODY, ...entry };
    if (typeof run !== 'string' || typeof name !== 'string') return [];
    if (typeof seconds !== 'number' || typeof byHand !== 'string') return [];
    const told = typeof problem === 'string' ? { problem } : {};
    return [{ run, name, seconds, byHand, ...told }];
  });
}

const NOBODY: Readonly<Record<keyof PausedNow, Json>> = {
  run: null,
  name: null,
  seconds: null,
  byHand: null,
  problem: null,
};

function oneOf<Word extends string>(
  words: readonly Word[],
  value: Json | undefined,
): Word | undefined {
  return words.find((word) => word === value);
}
