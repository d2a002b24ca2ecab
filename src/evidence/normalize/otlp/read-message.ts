import type { Json } from '../../../base/canonical-json.ts';
import { toBase64, toHex } from '../../../base/bytes.ts';
import { utf8Slice } from '../../../base/text-slice.ts';
import { double, integer, readAnyValue, readKeyValue } from './decode-any-value.ts';
import { BodyTooLarge, MalformedBody } from './decode-failure.ts';
import { OTLP_SCHEMA, type Field, type FieldType, type MessageName } from './otlp-schema.ts';
import { checkEnd, enter, skipField, type WireInput } from './wire.ts';

/** A histogram has tens of buckets, an exponential one at most 320. */
const REPEATED_MAX = 65_536;

/** A message as JSON would show it: attributes as an object, times and counts as numbers. */
export type ReadMessage = { [name: string]: Json };

/**
 * Reads the message that ends at `end` by its schema. The way for what is rare or small: metric
 * points, links, exemplars. Records go straight to columns instead.
 */
export function readMessage(input: WireInput, end: number, name: MessageName): ReadMessage {
  const { reader } = input;
  const fields = OTLP_SCHEMA.get(name)?.byNumber;
  const message: ReadMessage = {};
  const lists = new Map<string, Json[]>();
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = fields?.get(tag >>> 3);
    if (field === undefined) skipField(input, tag, end);
    else readField(input, end, tag, field, message, lists);
    checkEnd(input, end);
  }
  for (const [list, values] of lists) message[list] = toList(values, list);
  return message;
}

/** Lists of KeyValue become one object; other lists stay lists. */
function toList(values: Json[], name: string): Json {
  if (name !== 'attributes' && name !== 'filteredAttributes') return values;
  const pairs = values.map((pair): [string, Json] =>
    Array.isArray(pair) ? [String(pair[0]), pair[1] ?? null] : ['', null],
  );
  return Object.fromEntries(pairs);
}

function readField(
  input: WireInput,
  end: number,
  tag: number,
  field: Field,
  message: ReadMessage,
  lists: Map<string, Json[]>,
): void {
  const wireType = tag & 7;
  const expected = wireTypeOf(field.type);
  if (!field.isRepeated) {
    if (wireType !== expected) return skipField(input, tag, end);
    message[field.name] = readValue(input, end, field.type);
    return;
  }
  const list = lists.get(field.name) ?? [];
  lists.set(field.name, list);
  if (wireType === expected) {
    list.push(readValue(input, end, field.type));
  } else if (wireType === 2) {
    const packedEnd = enter(input, end);
    while (input.reader.pos < packedEnd) {
      list.push(readValue(input, packedEnd, field.type));
      checkEnd(input, packedEnd);
      if (list.length > REPEATED_MAX) break;
    }
  } else {
    skipField(input, tag, end);
  }
  if (list.length > REPEATED_MAX) {
    throw new BodyTooLarge(`a list of ${field.name} has more than ${REPEATED_MAX} members`);
  }
}

function readValue(input: WireInput, end: number, type: FieldType): Json {
  const { reader } = input;
  if (typeof type === 'object') {
    const inner = enter(input, end);
    if (type.message === 'AnyValue') return readAnyValue(input, inner, 0);
    if (type.message === 'KeyValue') return readKeyValue(input, inner, 0);
    return readMessage(input, inner, type.message);
  }
  switch (type) {
    case 'string':
    case 'bytes':
    case 'id':
      return readBytes(input, end, type);
    case 'bool':
      return reader.bool();
    case 'int32':
    case 'enum':
      return reader.int32();
    case 'uint32':
      return reader.uint32();
    case 'sint32':
      return reader.sint32();
    case 'fixed32':
      return reader.fixed32();
    case 'int64':
      return integer(BigInt(reader.int64()));
    case 'uint64':
      return integer(BigInt(reader.uint64()));
    case 'fixed64':
      return integer(BigInt(reader.fixed64()));
    case 'sfixed64':
      return integer(BigInt(reader.sfixed64()));
    case 'double':
      return double(reader.double());
    default:
      throw new MalformedBody('a field of an unknown type', reader.pos);
  }
}

function readBytes(input: WireInput, end: number, type: 'string' | 'bytes' | 'id'): string {
  const { reader, bytes } = input;
  const inner = enter(input, end);
  const start = reader.pos;
  reader.pos = inner;
  if (type === 'string') return utf8Slice(bytes, start, inner);
  return type === 'id'
    ? toHex(bytes.subarray(start, inner))
    : toBase64(bytes.subarray(start, inner));
}

/** The wire type a single value of a type has (protobuf encoding, "Message Structure"). */
export function wireTypeOf(type: FieldType): number {
  if (typeof type === 'object') return 2;
  switch (type) {
    case 'string':
    case 'bytes':
    case 'id':
      return 2;
    case 'fixed64':
    case 'sfixed64':
    case 'double':
      return 1;
    case 'fixed32':
      return 5;
    default:
      return 0;
  }
}
