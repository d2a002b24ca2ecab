import type { JsonObject } from '../base/canonical-json.ts';
import type { TimeNs } from '../base/time.ts';
import type { ResolveEntity } from '../model/component/entity.ts';
import type { RecordBatch, RecordBatchBuilder } from '../model/record/record-batch.ts';
import type { Reject } from '../model/record/timeline-record.ts';

/** Some records in a row, or an input between them that could not be normalized. */
export type NormalizedPart =
  | { readonly kind: 'batch'; readonly batch: RecordBatch }
  | { readonly kind: 'reject'; readonly reject: Reject };

/** What a normalizer made of the bytes it was given, in the order of the input. */
export type Normalized = readonly NormalizedPart[];

/**
 * Turns one stream of raw input into records. Pure: the same bytes give the same records however
 * they are cut into pushes. What cannot be normalized becomes a reject; nothing stops the stream.
 */
export interface Normalizer {
  push(bytes: Uint8Array): Normalized;
  /** The input is complete: what was still incomplete is judged now. Call once. */
  end(): Normalized;
}

/** What a normalizer needs to know of the world. */
export interface NormalizerContext {
  /** The `source.id` of the records. */
  readonly source: string;
  /** When the input arrived; asked once a batch. */
  readonly observedNs: () => TimeNs;
  readonly resolve: ResolveEntity;
  /**
   * Minutes east of UTC of the clock that wrote stamps without a zone, at an instant given in Unix
   * milliseconds. UTC when absent.
   */
  readonly zoneMinutes?: (unixMs: number) => number;
}

/** What is known of a line besides its text. */
export interface LineOrigin {
  readonly observedNs: TimeNs;
  /** Position within the source. */
  readonly position?: string;
  /** Attributes of each record of this origin: the file it stands in. */
  readonly attributes: JsonObject;
  /** What holds unless the line says otherwise: the host. */
  readonly resource: JsonObject;
  /** The configured service and component: they hold whatever the line says. */
  readonly service?: string;
  readonly component?: string;
}

/** Adds the record of one line of a text log; any line makes a record. Pure but for `into`. */
export type AddLine = (line: string, origin: LineOrigin, into: RecordBatchBuilder) => void;

/** Where the messages of one sender come from. */
export interface MessageOrigin {
  /** The sender's network address, for `source.address`; '' for none. */
  readonly address: string;
  /** Whom a message stands for that names no host. */
  readonly resource: JsonObject;
}

/** The messages of one connection, cut out of its bytes. */
export interface MessageStream {
  /** A message has begun that is not complete. */
  readonly isInside: boolean;
  /** How many messages, or parts of very long ones, were complete so far. */
  readonly taken: number;
  /** Adds the messages that are complete now; the bytes are the caller's again afterwards. */
  push(bytes: Uint8Array, observedNs: TimeNs, into: RecordBatchBuilder): void;
  /** The connection is over: adds what was not complete. */
  end(observedNs: TimeNs, into: RecordBatchBuilder): void;
}

/**
 * Turns messages that senders bring over a network into records. Keeps memories of what repeats,
 * so use one a source. What is no message goes to the reject that it was made with.
 */
export interface MessageReader {
  /** Adds one whole message: a datagram. */
  add(bytes: Uint8Array, origin: MessageOrigin, observedNs: TimeNs, into: RecordBatchBuilder): void;
  /** Opens the stream of one connection. */
  stream(origin: MessageOrigin): MessageStream;
}

/** A format of `normalize --format`. */
export type NormalizerFactory = (context: NormalizerContext) => Normalizer;
