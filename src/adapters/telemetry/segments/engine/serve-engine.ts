import type { MessagePort } from 'node:worker_threads';
import { assertUnreachable } from '../../../../base/assert.ts';
import { LastgoodError, messageOf } from '../../../../base/error.ts';
import { lgError, toMessage } from '../../../../model/errors/lg-error.ts';
import { openDuckDb } from './duck-db.ts';
import { DamagedSegmentError, Engine } from './engine.ts';
import type { AnyRequest, EngineOptions, EngineReply } from './protocol.ts';

/**
 * Answers the calls that come over a port. They are taken in order; those that change tables are
 * done at once, queries and seals go on while later ones arrive.
 */
export async function serveEngine(port: MessagePort, options: EngineOptions): Promise<void> {
  const engine = new Engine(await openDuckDb(options.memoryMb), options);
  port.on('message', (request: AnyRequest) => {
    void answer(engine, request).then(({ reply, transfer }) => {
      port.postMessage(reply, [...transfer]);
      if (request.call === 'close') port.close();
    });
  });
}

/** A reply and the memory that changes hands with it. */
interface Answer {
  readonly reply: EngineReply;
  readonly transfer: readonly ArrayBuffer[];
}

async function answer(engine: Engine, request: AnyRequest): Promise<Answer> {
  const { id } = request;
  try {
    const value = await perform(engine, request);
    return { reply: { id, ok: true, value }, transfer: transfers(value) };
  } catch (error) {
    const segment = error instanceof DamagedSegmentError ? error.segment : undefined;
    return { reply: { id, ok: false, error: toMessage(lgErrorOf(error)), segment }, transfer: [] };
  }
}

function perform(engine: Engine, request: AnyRequest): unknown {
  switch (request.call) {
    case 'load':
      return engine.load(request.input);
    case 'cut':
      return engine.cut(request.input);
    case 'produce':
      return engine.produce(request.input);
    case 'merge':
      return engine.merge(request.input);
    case 'publish':
      return engine.publish(request.input);
    case 'register':
      return engine.register(request.input);
    case 'forget':
      return engine.forget(request.input);
    case 'find':
      return engine.find(request.input);
    case 'count':
      return engine.count(request.input);
    case 'features':
      return engine.features(request.input);
    case 'uids':
      return engine.uids(request.input);
    case 'close':
      return engine.close();
    default:
      return assertUnreachable(request);
  }
}

/** An engine's message may quote the query, whose texts may be secret: only its kind is kept. */
function lgErrorOf(error: unknown): LastgoodError {
  if (error instanceof LastgoodError) return error;
  if (error instanceof DamagedSegmentError) {
    return lgError('LG_STORE_SEGMENT_DAMAGED', `segment ${error.segment}: ${error.message}`);
  }
  const kind = /^[A-Za-z ]{3,40} Error/.exec(messageOf(error))?.[0] ?? 'an unexpected error';
  return lgError('LG_STORE_ENGINE_FAILED', `the query engine reported ${kind}`);
}

/** Envelopes are megabytes: they change hands instead of being copied. */
function transfers(value: unknown): readonly ArrayBuffer[] {
  if (typeof value !== 'object' || value === null || !('envelope' in value)) return [];
  const { envelope } = value;
  return envelope instanceof Uint8Array && envelope.buffer instanceof ArrayBuffer
    ? [envelope.buffer]
    : [];
}
