import { canonicalJson, type Json } from '../../../base/canonical-json.ts';
import { toBase64, utf8 } from '../../../base/bytes.ts';
import { utf8Slice } from '../../../base/text-slice.ts';
import type { AttributeWriter } from './attribute-writer.ts';
import { RejectedRecord } from './decode-failure.ts';
import { checkEnd, enter, skipField, type WireInput } from './wire.ts';

/** People nest three deep; a stack overflow needs thousands. */
const DEPTH_MAX = 32;

const STRING = 0x0a;
const BOOL = 0x10;
const INT = 0x18;
const DOUBLE = 0x21;
const ARRAY = 0x2a;
const KEY_VALUE_LIST = 0x32;
const BYTES = 0x3a;

const KEY = 0x0a;
const VALUE = 0x12;
const VALUES = 0x0a;

/**
 * Writes the AnyValue that ends at `end` as the value of a started attribute. 64-bit integers that
 * a double cannot hold become texts of digits, bytes become base64, NaN and the infinities texts,
 * as OTLP/JSON writes them. Lists are rare and take the slower way through values.
 */
export function writeAnyValue(input: WireInput, end: number, writer: AttributeWriter): void {
  const { reader } = input;
  if (reader.pos < end && input.bytes[reader.pos] === STRING) {
    const start = reader.pos;
    reader.pos += 1;
    const textEnd = enter(input, end);
    if (textEnd === end) {
      writer.text(input.bytes, reader.pos, end);
      reader.pos = end;
      return;
    }
    reader.pos = start;
  }
  const value = readAnyValue(input, end, 0);
  if (typeof value === 'number' || typeof value === 'boolean') writer.ascii(String(value));
  else writer.json(utf8(canonicalJson(value)));
}

/** Reads the AnyValue that ends at `end`; null when it holds nothing. */
export function readAnyValue(input: WireInput, end: number, depth: number): Json {
  if (depth > DEPTH_MAX) throw new RejectedRecord(`a value nests deeper than ${DEPTH_MAX}`);
  const { reader } = input;
  let value: Json = null;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case STRING: {
        const textEnd = enter(input, end);
        value = utf8Slice(input.bytes, reader.pos, textEnd);
        reader.pos = textEnd;
        break;
      }
      case BOOL:
        value = reader.bool();
        break;
      case INT:
        value = integer(BigInt(reader.int64()));
        break;
      case DOUBLE:
        value = double(reader.double());
        break;
      case ARRAY:
        value = readArray(input, enter(input, end), depth);
        break;
      case KEY_VALUE_LIST:
        value = Object.fromEntries(readKeyValues(input, enter(input, end), depth));
        break;
      case BYTES: {
        const bytesEnd = enter(input, end);
        value = toBase64(input.bytes.subarray(reader.pos, bytesEnd));
        reader.pos = bytesEnd;
        break;
      }
      default:
        skipField(input, tag, end);
    }
    checkEnd(input, end);
  }
  return value;
}

/** A 64-bit integer as JSON: a number where that is exact, else its digits as a text. */
export function integer(value: bigint): number | string {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value.toString();
}

/** A double as JSON, which has no word for the three that are no numbers. */
export function double(value: number): number | string {
  return Number.isFinite(value) ? (value === 0 ? 0 : value) : String(value);
}

function readArray(input: WireInput, end: number, depth: number): readonly Json[] {
  const { reader } = input;
  const values: Json[] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === VALUES) values.push(readAnyValue(input, enter(input, end), depth + 1));
    else skipField(input, tag, end);
  }
  return values;
}

function readKeyValues(input: WireInput, end: number, depth: number): readonly [string, Json][] {
  const { reader } = input;
  const pairs: [string, Json][] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === VALUES) pairs.push(readKeyValue(input, enter(input, end), depth + 1));
    else skipField(input, tag, end);
  }
  return pairs;
}

/** Reads the KeyValue that ends at `end`. */
export function readKeyValue(input: WireInput, end: number, depth: number): [string, Json] {
  const { reader } = input;
  let key = '';
  let value: Json = null;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === KEY) {
      const keyEnd = enter(input, end);
      key = utf8Slice(input.bytes, reader.pos, keyEnd);
      reader.pos = keyEnd;
    } else if (tag === VALUE) {
      value = readAnyValue(input, enter(input, end), depth);
    } else {
      skipField(input, tag, end);
    }
  }
  return [key, value];
}
