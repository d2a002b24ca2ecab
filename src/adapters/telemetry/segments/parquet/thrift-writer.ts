import { utf8 } from '../../../../base/bytes.ts';

/** The type numbers of Thrift's compact protocol that Parquet's metadata needs. */
const TYPE = { i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/** A value of Thrift's compact protocol; a struct names its fields by number, ascending. */
export type ThriftValue =
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly text: string }
  | { readonly list: readonly ThriftValue[] }
  | { readonly struct: Readonly<Record<number, ThriftValue>> };

/**
 * The bytes of a struct in Thrift's compact protocol (thrift-compact-protocol.md of Apache
 * Thrift), which Parquet's page headers and footer are written in.
 */
export function thriftStruct(fields: Readonly<Record<number, ThriftValue>>): Uint8Array {
  const out: number[] = [];
  writeStruct(out, fields);
  return Uint8Array.from(out);
}

function writeStruct(out: number[], fields: Readonly<Record<number, ThriftValue>>): void {
  let last = 0;
  for (const [name, value] of Object.entries(fields)) {
    const id = Number(name);
    // Field numbers of Parquet's structs lie less than 16 apart, so the short form is enough.
    out.push(((id - last) << 4) | typeOf(value));
    writeValue(out, value);
    last = id;
  }
  out.push(0);
}

function typeOf(value: ThriftValue): number {
  if ('i32' in value) return TYPE.i32;
  if ('i64' in value) return TYPE.i64;
  if ('text' in value) return TYPE.binary;
  return 'list' in value ? TYPE.list : TYPE.struct;
}

function writeValue(out: number[], value: ThriftValue): void {
  if ('i32' in value) writeVarint(out, zigzag(value.i32));
  else if ('i64' in value) writeVarint(out, zigzag(value.i64));
  else if ('text' in value) {
    const bytes = utf8(value.text);
    writeVarint(out, bytes.length);
    out.push(...bytes);
  } else if ('list' in value) writeList(out, value.list);
  else writeStruct(out, value.struct);
}

function writeList(out: number[], list: readonly ThriftValue[]): void {
  const first = list[0];
  const type = first === undefined ? TYPE.struct : typeOf(first);
  if (list.length < 15) out.push((list.length << 4) | type);
  else {
    out.push(0xf0 | type);
    writeVarint(out, list.length);
  }
  for (const value of list) writeValue(out, value);
}

/** Numbers here are lengths and offsets: never negative, below 2^52. */
function zigzag(value: number): number {
  return value * 2;
}

function writeVarint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}
