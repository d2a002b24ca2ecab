import { messageOf } from '../../../base/error.ts';
import type { JsonObject } from '../../../base/canonical-json.ts';
import { readGrant } from '../../../account/read-grant.ts';
import { ok, type Result } from '../../../base/result.ts';
import { looseText } from '../../../base/text-slice.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { deliverUntilDurable } from '../../../ports/deliver-until-durable.ts';
import type { AddLine } from '../../../ports/normalizer.ts';
import type { RunningSource, Source, SourceContext } from '../../../ports/source.ts';
import type { FileAccess } from './file-access.ts';
import { decodePositions, encodePositions, type FilePosition } from './file-position.ts';
import { fileSpecSchema, type FileSpec } from './file-spec.ts';
import { FollowedFiles } from './follow-files.ts';
import type { FileChunk } from './tailed-file.ts';

/** What the composition root gives. */
export interface FileSourceParts {
  readonly access: FileAccess;
  /** Makes the function that turns the lines of a source into records. */
  readonly addLineOf: (source: string) => AddLine;
  /** The resource of lines that do not name their own: this host. */
  readonly resource: JsonObject;
}

/** A batch is delivered at this size: large enough to be cheap, small enough to be quick. */
const BATCH_BYTES = 1024 * 1024;

/**
 * Follows text files: globs, rotation by rename and by copytruncate, and resuming after a restart
 * without loss or repetition, because the position of all files is stored with each batch.
 */
export function createFileSource(parts: FileSourceParts): Source<FileSpec> {
  return {
    kind: 'file',
    specSchema: fileSpecSchema,
    start: (spec, context) => startFollowing(parts, spec, context),
  };
}

async function startFollowing(
  parts: FileSourceParts,
  spec: FileSpec,
  context: SourceContext,
): Promise<Result<RunningSource>> {
  const stored = context.position();
  const positions = stored === undefined ? undefined : decodePositions(stored);
  const follower = new Follower(parts, spec, context, positions);
  await follower.look();
  follower.schedule(0);
  return ok({ status: () => follower.status(), stop: () => follower.stop() });
}

/** One running source: rounds of looking, reading and delivering, one after the other. */
class Follower {
  readonly #spec: FileSpec;
  readonly #context: SourceContext;
  readonly #resource: JsonObject;
  readonly #addLine: AddLine;
  readonly #followed: FollowedFiles;
  readonly #stopping = new AbortController();
  #round: Promise<void> = Promise.resolve();
  #cancel = (): void => undefined;
  #isCaughtUp = false;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #problem: string | undefined;
  #grant: { readonly path: string; readonly command: string } | undefined;

  constructor(
    parts: FileSourceParts,
    spec: FileSpec,
    context: SourceContext,
    stored: readonly FilePosition[] | undefined,
  ) {
    this.#spec = spec;
    this.#context = context;
    this.#resource = parts.resource;
    this.#addLine = parts.addLineOf(context.id);
    this.#followed = new FollowedFiles({
      access: parts.access,
      patterns: spec.paths,
      start: spec.start,
      lookBackBytes: spec.lookBackBytes,
      stored,
      leftOut: (path, bytes) =>
        this.#reject(`the first ${bytes} bytes were left out at the first start`, path),
    });
  }

  schedule(waitMs: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#cancel = this.#context.clock.after(waitMs, () => {
      this.#round = this.#readAll().finally(() => this.schedule(this.#spec.pollMs));
    });
  }

  async look(): Promise<void> {
    const nowMs = this.#context.clock.uptimeMs();
    if (nowMs - this.#lookedMs < this.#spec.lookMs) return;
    await this.#followed.look(nowMs);
    this.#lookedMs = nowMs;
    this.#problem = this.#unreadable();
  }

  /** Reads everything there is now. Failures become the problem of the status. */
  async #readAll(): Promise<void> {
    try {
      await this.look();
      while (await this.#pass()) {
        this.#isCaughtUp = false;
        if (this.#stopping.signal.aborted) break;
      }
      this.#isCaughtUp = true;
      this.#problem = this.#unreadable();
    } catch (error) {
      this.#isCaughtUp = false;
      this.#problem = `LG_INGEST_SOURCE_UNREADABLE: ${messageOf(error)}`;
      this.#context.log.warn('FileReadError', {
        source: this.#context.id,
        error: messageOf(error),
      });
    }
  }

  /** Takes one chunk of each file, so that none starves; true when there is more. */
  async #pass(): Promise<boolean> {
    let batch = this.#newBatch();
    let hasMore = false;
    const wasTruncated = (before: FilePosition): void => {
      this.#context.log.info('FileTruncated', { source: this.#context.id, path: before.path });
      this.#followed.remember(before);
    };
    for (const file of this.#followed.files) {
      const nowMs = this.#context.clock.uptimeMs();
      const chunk = await file.read(nowMs, this.#spec.flushMs, wasTruncated);
      if (chunk === undefined) continue;
      hasMore ||= chunk.hasMore;
      this.#addChunk(chunk, batch);
      if (batch.bytes < BATCH_BYTES) continue;
      if (!(await this.#deliver(batch))) return false;
      batch = this.#newBatch();
    }
    return (await this.#deliver(batch)) && hasMore;
  }

  #newBatch(): PendingBatch {
    return { builder: new RecordBatchBuilder(), chunks: [], bytes: 0 };
  }

  #addChunk(chunk: FileChunk, batch: PendingBatch): void {
    const { path, identity } = chunk.next;
    const observedNs = this.#context.clock.now();
    const name = path.slice(path.lastIndexOf('/') + 1);
    const file = { 'log.file.name': name, 'log.file.path': path };
    for (const line of chunk.lines) {
      if (line.bytes.length === 0) continue;
      const position = `${identity}:${chunk.start + line.at}`;
      const attributes = line.isCut ? { ...file, 'log.record.truncated': true } : file;
      const { component, service } = this.#spec;
      const origin = {
        observedNs,
        position,
        attributes,
        resource: this.#resource,
        ...(component === undefined ? {} : { component }),
        ...(service === undefined ? {} : { service }),
      };
      this.#addLine(looseText(line.bytes), origin, batch.builder);
      if (line.isCut) this.#reject('a line was cut because it is longer than 256 KiB', path);
    }
    batch.chunks.push(chunk);
    batch.bytes += chunk.bytes;
  }

  /** Delivers until it is durable or refused for good; false when stopped before that. */
  async #deliver(batch: PendingBatch): Promise<boolean> {
    const { builder, chunks } = batch;
    if (chunks.length === 0) return true;
    // Chunks of empty lines only have nothing to store; their offsets go with the next batch.
    if (builder.rows > 0 && !(await this.#store(batch))) return false;
    for (const chunk of chunks) chunk.file.position = chunk.next;
    return true;
  }

  async #store(batch: PendingBatch): Promise<boolean> {
    const built = batch.builder.build();
    const moved = new Map(batch.chunks.map(({ file, next }) => [file, next]));
    const position = encodePositions(this.#followed.positions(moved));
    const origin = { sender: this.#context.id, position };
    const outcome = await deliverUntilDurable(this.#context, {
      batch: built,
      origin,
      signal: this.#stopping.signal,
      onProblem: (problem) => (this.#problem = problem ?? this.#unreadable()),
      reject: ({ reason, input }) => this.#reject(reason, input),
    });
    return outcome !== 'stopped';
  }

  #reject(reason: string, input: string): void {
    this.#context.reject({ reason, input });
  }

  #unreadable(): string | undefined {
    const { unreadable } = this.#followed;
    const [first] = unreadable;
    if (first === undefined) return undefined;
    const others = unreadable.size > 1 ? ` and ${unreadable.size - 1} more` : '';
    const [path, why] = first;
    if (this.#grant?.path !== path) this.#grant = { path, command: readGrant(path) };
    const mend = why === 'EACCES' ? `; grant it: ${this.#grant.command}` : '';
    return `LG_INGEST_SOURCE_UNREADABLE: ${path}${others}: ${why}${mend}`;
  }

  status() {
    const isOff = this.#stopping.signal.aborted;
    const isWaiting = this.#followed.count === 0;
    return {
      state: isOff ? ('off' as const) : isWaiting ? ('waiting' as const) : ('running' as const),
      target: shownPaths(this.#spec.paths),
      backlogBytes: [...this.#followed.files].reduce((sum, file) => sum + file.backlogBytes, 0),
      caughtUp: this.#isCaughtUp,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return this.#round;
    this.#stopping.abort();
    this.#cancel();
    await this.#round;
    await this.#followed.close();
  }
}

/** Rows on their way to the store, and the files they came from. */
interface PendingBatch {
  readonly builder: RecordBatchBuilder;
  readonly chunks: FileChunk[];
  bytes: number;
}

/** On a screen, a few paths say what is followed. */
const PATHS_SHOWN = 4;

function shownPaths(paths: readonly string[]): string {
  const more = paths.length - PATHS_SHOWN;
  const shown = paths.slice(0, PATHS_SHOWN).join(' ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
