import type { Json } from '../base/canonical-json.ts';
import { messageOf } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { BlobHash, StateImage } from '../model/checkpoint/capture.ts';
import { lgError } from '../model/errors/lg-error.ts';
import {
  loadImage,
  storeImage,
  type PutBlob,
  type StoredImage,
} from '../model/checkpoint/image-blob.ts';
import { answerPause, isPauseCall } from './pause/answer-pause.ts';
import { answerTimer, isTimerCall, withDeadMan } from './answer-timer.ts';
import type { DeadMen } from './deadman/dead-men.ts';
import type { Pauses } from './pause/pauses.ts';
import type { ImageMarks } from './image-marks.ts';
import { whyOtherTarget } from '../model/component/target-identity.ts';
import type { ProviderCall } from '../ports/provider-call.ts';
import type { ObservedState } from '../ports/provider-client.ts';
import type { Applied, Observation, Provider, ProviderIo } from '../ports/provider.ts';
import type { SchemaIssue } from '../ports/standard-schema.ts';
import { BLOB_BYTES_MAX } from '../ports/vault.ts';

/** What a host runner may have besides its providers. */
export interface CallHelp {
  /** Nothing is applied that was not captured here. */
  readonly marks?: ImageMarks | undefined;
  /** Stand in for targets without a timer of their own. */
  readonly deadMen?: DeadMen | undefined;
  /** Who stands still, with somebody who sees to it that he goes on. */
  readonly pauses?: Pauses | undefined;
}

/**
 * Executes one decoded call. Throws what the provider throws, but never out of an apply. A `fence`
 * has done its work by being let pass.
 */
export async function answerCall(
  provider: Provider<unknown>,
  call: ProviderCall,
  io: ProviderIo,
  { marks, deadMen, pauses }: CallHelp,
): Promise<Result<Json>> {
  const parsed = await provider.specSchema['~standard'].validate(call.state.spec);
  if (parsed.issues !== undefined) {
    const what = `${call.state.id}: ${parsed.issues.map(issueText).join('; ')}`;
    return err(lgError('LG_PROVIDER_SPEC_INVALID', what));
  }
  const spec = parsed.value;
  if (isTimerCall(call)) {
    const allowed = (image: BlobHash): Promise<Result<StateImage>> =>
      desiredOf({ ...call, desired: image }, io, marks);
    return toJson(await answerTimer(call, { provider, spec, io, deadMen, pauses, allowed }));
  }
  if (isPauseCall(call)) {
    return toJson(await answerPause(call, { provider, spec, signal: io.signal, pauses }));
  }
  switch (call.method) {
    case 'capabilities': {
      const found = await provider.capabilities(spec, io);
      return toJson(found.ok ? ok(withDeadMan(found.value, deadMen)) : found);
    }
    case 'fence':
      return ok(null);
    case 'identify':
      return toJson(await provider.identify(spec, io));
    case 'observe':
      return answerObserved(await provider.observe(spec, io), io);
    case 'capture':
      return answerObserved(await provider.capture(spec, io), io, (image, put) =>
        marks === undefined ? storePlain(image, put) : marks.store(call.state, image, put),
      );
    case 'validate': {
      const desired = await desiredOf(call, io, marks);
      // Known before anything is changed, and one of the reasons a person reads.
      if (!desired.ok && desired.error.code === 'LG_PROVIDER_IMAGE_UNKNOWN') {
        return toJson(ok([desired.error.message]));
      }
      if (!desired.ok) return desired;
      return toJson(await provider.validate(spec, desired.value, io));
    }
    default:
      return apply(provider, spec, call, io, { marks, deadMen });
  }
}

async function apply(
  provider: Provider<unknown>,
  spec: unknown,
  call: ProviderCall,
  io: ProviderIo,
  { marks, deadMen }: CallHelp,
): Promise<Result<Json>> {
  const desired = await desiredOf(call, io, marks);
  if (!desired.ok) return desired;
  const stranger = await refuseStranger(provider, spec, call, io);
  if (!stranger.ok) return stranger;
  const { paths, expects, run } = call;
  if (paths === undefined || expects === undefined) {
    return err(lgError('LG_RUNTIME_USAGE', 'apply needs paths and what it expects to find'));
  }
  const unguarded = await whyUnguarded(call, io, deadMen);
  if (unguarded !== undefined) return ok({ kind: 'failed-clean', why: unguarded });
  try {
    const task = { desired: desired.value, paths, expects };
    return toJson(await provider.apply(spec, run === undefined ? task : { ...task, run }, io));
  } catch (thrown) {
    // Nobody can say how far it came: the caller looks at the state to find out.
    const applied: Applied = { kind: 'unknown', why: messageOf(thrown) };
    return ok({ ...applied });
  }
}

/** Nothing is changed forward while nobody would take it back without us. */
async function whyUnguarded(
  { run, state, desired }: ProviderCall,
  { signal }: ProviderIo,
  deadMen: DeadMen | undefined,
): Promise<string | undefined> {
  if (run === undefined || desired === undefined) return undefined;
  const allowed = await deadMen?.allow({ run, state: state.id, desired }, signal);
  return allowed?.ok === false ? allowed.error.detail : undefined;
}

/** The last look before a mutation: who is about to be changed? */
async function refuseStranger(
  provider: Provider<unknown>,
  spec: unknown,
  { state, target }: ProviderCall,
  io: ProviderIo,
): Promise<Result<void>> {
  if (target === undefined) return ok(undefined);
  const found = await provider.identify(spec, io);
  if (!found.ok) return found;
  const why = whyOtherTarget(target, found.value);
  if (why === undefined) return ok(undefined);
  return err(lgError('LG_PROVIDER_TARGET_CHANGED', `${state.id}: ${why}`));
}

async function desiredOf(
  call: ProviderCall,
  io: ProviderIo,
  marks: ImageMarks | undefined,
): Promise<Result<StateImage>> {
  if (call.desired === undefined) {
    return err(lgError('LG_RUNTIME_USAGE', `${call.method} needs a desired image`));
  }
  const get = (hash: BlobHash): Promise<Result<Uint8Array>> => io.getBlob(hash);
  const refusal = await marks?.refuse(call.state, call.desired, get);
  return refusal === undefined ? loadImage(call.desired, get) : err(refusal);
}

async function answerObserved(
  observed: Result<Observation>,
  io: ProviderIo,
  store: (image: StateImage, put: PutBlob) => Promise<Result<StoredImage>> = storePlain,
): Promise<Result<Json>> {
  if (!observed.ok) return observed;
  const { image, unreadable, coverage, drift } = observed.value;
  const stored = await store(image, (bytes) => io.putBlob(bytes));
  if (!stored.ok) return stored;
  const answer: ObservedState = {
    ...stored.value,
    items: image.items.length,
    bytes: image.items.reduce((sum, item) => sum + (item.size ?? 0), 0),
    unreadable,
    coverage,
    ...(drift === undefined ? {} : { drift }),
  };
  return toJson(ok(answer));
}

function storePlain(image: StateImage, put: PutBlob): Promise<Result<StoredImage>> {
  return storeImage(image, put, BLOB_BYTES_MAX);
}

/** The value as JSON: what a bus will carry anyway, so that nothing else can slip through. */
function toJson(result: Result<unknown>): Result<Json> {
  if (!result.ok) return result;
  const value: Json = JSON.parse(JSON.stringify(result.value ?? null));
  return ok(value);
}

function issueText(issue: SchemaIssue): string {
  const keys = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  return keys.length === 0 ? issue.message : `${keys.join('.')}: ${issue.message}`;
}
