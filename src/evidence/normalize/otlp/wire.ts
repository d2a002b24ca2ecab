import { BinaryReader } from '@bufbuild/protobuf/wire';
import { sliceable, type SliceableBytes } from '../../../base/text-slice.ts';
import { MalformedBody } from './decode-failure.ts';

/**
 * A protobuf body being read. The reader of `@bufbuild/protobuf` guards the end of the body; the
 * functions here guard the ends of the messages within it, because a length that reaches into the
 * next message would otherwise be believed.
 */
export interface WireInput {
  readonly reader: BinaryReader;
  readonly bytes: SliceableBytes;
  readonly view: DataView;
}

/** Starts reading a body. */
export function wireInput(body: Uint8Array): WireInput {
  return {
    reader: new BinaryReader(body),
    bytes: sliceable(body),
    view: new DataView(body.buffer, body.byteOffset, body.byteLength),
  };
}

/** Reads the length of a message or text and answers where it ends, at most `end`. */
export function enter(input: WireInput, end: number): number {
  const { reader } = input;
  const length = reader.uint32();
  const inner = reader.pos + length;
  if (inner > end) {
    throw new MalformedBody(`a length of ${length} reaches beyond its message`, reader.pos);
  }
  return inner;
}

/** Skips an unknown field, or a known one of an unknown wire type, as protobuf demands. */
export function skipField(input: WireInput, tag: number, end: number): void {
  if (tag < 8) throw new MalformedBody('a field has the number 0', input.reader.pos);
  input.reader.skip(tag & 7, tag >>> 3);
  checkEnd(input, end);
}

/** Call after each field: a number that reaches beyond its message is no number of it. */
export function checkEnd(input: WireInput, end: number): void {
  if (input.reader.pos > end) {
    throw new MalformedBody('a field reaches beyond its message', input.reader.pos);
  }
}
