import { utf8Slice } from '../../../base/text-slice.ts';
import { writeAnyValue } from './decode-any-value.ts';
import type { Decoding } from './decoding.ts';
import { enter, skipField } from './wire.ts';

/** Reads a KeyValue into the writer and notes the keys that have a column of their own. */
export function decodeAttribute(decoding: Decoding, end: number): void {
  const { input, memory, row } = decoding;
  const { reader, bytes } = input;
  if (decodeShortAttribute(decoding, end)) return;
  let keyStart = reader.pos;
  let keyEnd = keyStart;
  let valueStart = -1;
  let valueEnd = -1;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) {
      keyEnd = enter(input, end);
      keyStart = reader.pos;
      reader.pos = keyEnd;
    } else if (tag === 0x12) {
      valueEnd = enter(input, end);
      valueStart = reader.pos;
      reader.pos = valueEnd;
    } else {
      skipField(input, tag, end);
    }
  }
  const key = memory.keys.find(bytes, keyStart, keyEnd);
  memory.writer.key(key);
  if (valueStart < 0) {
    memory.writer.ascii('null');
    return;
  }
  reader.pos = valueStart;
  writeAnyValue(input, valueEnd, memory.writer);
  reader.pos = end;
  if (key.role === 'plain' || bytes[valueStart] !== 0x0a) return;
  reader.pos = valueStart + 1;
  const textEnd = enter(input, valueEnd);
  const text = utf8Slice(bytes, reader.pos, textEnd);
  reader.pos = end;
  if (key.role === 'uid') row.uid = text;
  else decoding.eventName = text;
}

/**
 * The short way for what nearly all attributes are: a key and a text, each below 128 bytes, key
 * first. That both together end where the attribute ends proves that all lengths are right.
 */
function decodeShortAttribute(decoding: Decoding, end: number): boolean {
  const { input, memory } = decoding;
  const { reader, bytes } = input;
  const start = reader.pos;
  const keyBytes = bytes[start + 1] ?? 0x80;
  if (bytes[start] !== 0x0a || keyBytes >= 0x80) return false;
  const keyEnd = start + 2 + keyBytes;
  const valueBytes = bytes[keyEnd + 1] ?? 0x80;
  if (bytes[keyEnd] !== 0x12 || valueBytes >= 0x80 || keyEnd + 2 + valueBytes !== end) return false;
  const textBytes = bytes[keyEnd + 3] ?? 0x80;
  if (bytes[keyEnd + 2] !== 0x0a || textBytes + 2 !== valueBytes) return false;
  const key = memory.keys.find(bytes, start + 2, keyEnd);
  if (key.role !== 'plain') return false;
  memory.writer.key(key);
  memory.writer.text(bytes, keyEnd + 4, end);
  reader.pos = end;
  return true;
}
