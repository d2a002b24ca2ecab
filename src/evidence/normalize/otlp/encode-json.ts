import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { fromBase64, fromHex, fromUtf8 } from '../../../base/bytes.ts';
import { BodyTooLarge, MalformedBody } from './decode-failure.ts';
import { jsonErrorOffset } from './json-error-offset.ts';
import { OTLP_SCHEMA, type Field, type FieldType, type MessageName } from './otlp-schema.ts';
import { wireTypeOf } from './read-message.ts';

/** Deeper than any request: eight levels of messages and the 32 a value may nest, twice each. */
const DEPTH_MAX = 80;

/**
 * Objects and lists of one body: a record of eight attributes has eighteen, the store takes 65,536
 * records at once. A packed body of a few kilobytes can hold twenty times as many, and each costs a
 * hundred bytes before it is known to be nothing.
 */
export const NODES_MAX = 1_200_000;

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** A member of a JSON body and the way to it, for messages. */
interface Place {
  readonly path: string;
  readonly depth: number;
}

/**
 * Writes an OTLP/JSON request as protobuf. So there is one decoder and one meaning of each field;
 * JSON is not the hot path. Field names in lowerCamelCase or as in the .proto files, ids in
 * hexadecimal, 64-bit integers as texts or numbers, enumerations as numbers or names, unknown
 * members ignored (OTLP 1.10, "JSON Protobuf Encoding").
 */
export function encodeJson(message: MessageName, body: Uint8Array): Uint8Array {
  if (hasTooManyNodes(body)) {
    throw new BodyTooLarge(`it holds more than ${NODES_MAX} objects and lists`);
  }
  const text = fromUtf8(body);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new MalformedBody('it is not JSON', jsonErrorOffset(text));
  }
  return encodeParsed(message, parsed);
}

/** Counts what may open one, within texts too: cheap, and never too few. */
function hasTooManyNodes(body: Uint8Array): boolean {
  let nodes = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) nodes += 1;
  }
  return nodes > NODES_MAX;
}

/** As `encodeJson`, for a body that was parsed already. */
export function encodeParsed(message: MessageName, parsed: unknown): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, message, parsed, { path: '$', depth: 0 });
  return writer.finish();
}

function writeMessage(writer: BinaryWriter, name: MessageName, value: unknown, place: Place): void {
  if (place.depth > DEPTH_MAX) throw new MalformedBody('values nest too deep', place.path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedBody('an object is expected', place.path);
  }
  const fields = OTLP_SCHEMA.get(name)?.byName;
  for (const [member, inner] of Object.entries(value)) {
    const field = fields?.get(member);
    // null stands for "not set" in the JSON of protobuf.
    if (field === undefined || inner === null) continue;
    writeField(writer, field, inner, { path: `${place.path}.${member}`, depth: place.depth + 1 });
  }
}

function writeField(writer: BinaryWriter, field: Field, value: unknown, place: Place): void {
  if (!field.isRepeated) return writeTagged(writer, field, value, place);
  if (!Array.isArray(value)) throw new MalformedBody('a list is expected', place.path);
  value.forEach((member: unknown, index) => {
    const at = { path: `${place.path}[${index}]`, depth: place.depth };
    writeTagged(writer, field, member, at);
  });
}

function writeTagged(writer: BinaryWriter, field: Field, value: unknown, place: Place): void {
  writer.tag(field.number, wireTypeOf(field.type));
  if (typeof field.type === 'object') {
    writer.fork();
    writeMessage(writer, field.type.message, value ?? {}, place);
    writer.join();
    return;
  }
  writeScalar(writer, field.type, value, place);
}

function writeScalar(
  writer: BinaryWriter,
  type: Exclude<FieldType, object>,
  value: unknown,
  place: Place,
): void {
  switch (type) {
    case 'string':
      writer.string(expectText(value, place));
      return;
    case 'bytes':
      writer.bytes(fromBase64(expectText(value, place).replaceAll('-', '+').replaceAll('_', '/')));
      return;
    case 'id':
      writer.bytes(expectHex(value, place));
      return;
    case 'bool':
      if (typeof value !== 'boolean') throw new MalformedBody('true or false expected', place.path);
      writer.bool(value);
      return;
    case 'double':
      writer.double(expectDouble(value, place));
      return;
    case 'enum':
      writer.int32(enumNumber(value) ?? Number(expectInteger(value, place, INT32)));
      return;
    case 'int32':
      writer.int32(Number(expectInteger(value, place, INT32)));
      return;
    case 'sint32':
      writer.sint32(Number(expectInteger(value, place, INT32)));
      return;
    case 'uint32':
      writer.uint32(Number(expectInteger(value, place, UINT32)));
      return;
    case 'fixed32':
      writer.fixed32(Number(expectInteger(value, place, UINT32)));
      return;
    case 'int64':
      writer.int64(expectInteger(value, place, INT64));
      return;
    case 'sfixed64':
      writer.sfixed64(expectInteger(value, place, INT64));
      return;
    case 'uint64':
      writer.uint64(expectInteger(value, place, UINT64));
      return;
    case 'fixed64':
      writer.fixed64(expectInteger(value, place, UINT64));
      return;
  }
}

type Range = readonly [bigint, bigint];
const INT32: Range = [-(2n ** 31n), 2n ** 31n - 1n];
const UINT32: Range = [0n, 2n ** 32n - 1n];
const INT64: Range = [-(2n ** 63n), 2n ** 63n - 1n];
const UINT64: Range = [0n, 2n ** 64n - 1n];

function expectText(value: unknown, place: Place): string {
  if (typeof value !== 'string') throw new MalformedBody('a text is expected', place.path);
  return value;
}

function expectHex(value: unknown, place: Place): Uint8Array {
  const bytes = fromHex(expectText(value, place));
  if (bytes === undefined) throw new MalformedBody('hexadecimal digits expected', place.path);
  return bytes;
}

function expectInteger(value: unknown, place: Place, [least, most]: Range): bigint {
  const integer =
    typeof value === 'number' && Number.isInteger(value)
      ? BigInt(value)
      : typeof value === 'string' && /^-?\d{1,20}$/.test(value)
        ? BigInt(value)
        : undefined;
  if (integer === undefined || integer < least || integer > most) {
    throw new MalformedBody(`an integer from ${least} to ${most} is expected`, place.path);
  }
  return integer;
}

function expectDouble(value: unknown, place: Place): number {
  if (typeof value === 'number') return value;
  const isNumber = /^-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)$|^NaN$/;
  if (typeof value === 'string' && isNumber.test(value)) return Number(value);
  throw new MalformedBody('a number is expected', place.path);
}

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** Names of the enumerations in the order of their numbers, without their prefixes. */
const ENUM_NAMES: readonly (readonly [string, readonly string[]])[] = [
  ['SPAN_KIND_', ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']],
  ['STATUS_CODE_', ['UNSET', 'OK', 'ERROR']],
  ['AGGREGATION_TEMPORALITY_', ['UNSPECIFIED', 'DELTA', 'CUMULATIVE']],
  [
    'SEVERITY_NUMBER_',
    ['UNSPECIFIED', ...SEVERITIES.flatMap((name) => [name, `${name}2`, `${name}3`, `${name}4`])],
  ],
];

/** The standard wants numbers here; protobuf's own JSON writers give names. */
function enumNumber(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  for (const [prefix, names] of ENUM_NAMES) {
    if (!value.startsWith(prefix)) continue;
    const number = names.indexOf(value.slice(prefix.length));
    return number < 0 ? undefined : number;
  }
  return undefined;
}
