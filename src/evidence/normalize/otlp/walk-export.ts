import { canonicalJson, type Json } from '../../../base/canonical-json.ts';
import { utf8 } from '../../../base/bytes.ts';
import { utf8Slice } from '../../../base/text-slice.ts';
import { readKeyValue } from './decode-any-value.ts';
import { MalformedBody, RejectedRecord } from './decode-failure.ts';
import { beginGroup, decodeOrReject, type Decoding, type ScopeMember } from './decoding.ts';
import { OTLP_KEYS } from './otlp-keys.ts';
import type { KnownResource } from './resource-table.ts';
import { checkEnd, enter, skipField, type WireInput } from './wire.ts';

/** Decodes the record (log record, span, metric) between the reader and `end` into rows. */
export type DecodeRecord = (decoding: Decoding, end: number) => void;

const RESOURCE_GROUPS = 0x0a;
const HEAD = 0x0a;
const CHILDREN = 0x12;
const SCHEMA_URL = 0x1a;

/**
 * Walks an Export…ServiceRequest. Logs, traces and metrics share their frame: groups by resource,
 * in them groups by instrumentation scope, in them records; all with the same field numbers.
 */
export function walkExport(decoding: Decoding, end: number, decodeRecord: DecodeRecord): void {
  const { input } = decoding;
  const { reader } = input;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag !== RESOURCE_GROUPS) skipField(input, tag, end);
    else walkResourceGroup(decoding, enter(input, end), decodeRecord);
  }
}

function walkResourceGroup(decoding: Decoding, end: number, decodeRecord: DecodeRecord): void {
  beginGroup(decoding);
  const { input, memory } = decoding;
  const { reader } = input;
  const start = reader.pos;
  // Fields may come in any order, and the records need their resource first.
  const head = findHead(input, end);
  let resource: KnownResource = memory.resources.empty();
  if (head.end >= 0) {
    reader.pos = head.start;
    resource = memory.resources.read(input, head.end);
  }
  applyResource(decoding, resource);
  reader.pos = start;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag !== CHILDREN) skipField(input, tag, end);
    else walkScopeGroup(decoding, enter(input, end), head.schemaUrl, decodeRecord);
  }
}

function walkScopeGroup(
  decoding: Decoding,
  end: number,
  resourceSchemaUrl: string,
  decodeRecord: DecodeRecord,
): void {
  beginGroup(decoding);
  const { input } = decoding;
  const { reader } = input;
  const start = reader.pos;
  const head = findHead(input, end);
  const schemaUrl = head.schemaUrl === '' ? resourceSchemaUrl : head.schemaUrl;
  reader.pos = Math.max(head.start, 0);
  decoding.scope = readScope(decoding, head.end, schemaUrl);
  reader.pos = start;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag !== CHILDREN) {
      skipField(input, tag, end);
      continue;
    }
    const recordEnd = enter(input, end);
    decodeOrReject(decoding, recordEnd, decodeRecord);
  }
}

/** Where the resource or scope of a group lies, and its schema. */
interface GroupHead {
  readonly start: number;
  /** Negative when there is none. */
  readonly end: number;
  readonly schemaUrl: string;
}

function findHead(input: WireInput, end: number): GroupHead {
  const { reader } = input;
  let headStart = -1;
  let headEnd = -1;
  let schemaUrl = '';
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === HEAD) {
      headEnd = enter(input, end);
      headStart = reader.pos;
      reader.pos = headEnd;
    } else if (tag === CHILDREN) {
      reader.pos = enter(input, end);
    } else if (tag === SCHEMA_URL) {
      const textEnd = enter(input, end);
      schemaUrl = utf8Slice(input.bytes, reader.pos, textEnd);
      reader.pos = textEnd;
    } else {
      skipField(input, tag, end);
    }
  }
  return { start: headStart, end: headEnd, schemaUrl };
}

function applyResource(decoding: Decoding, resource: KnownResource): void {
  const { row, builder } = decoding;
  row.resource = builder.intern(resource.json);
  row.component = builder.intern(resource.entity.component);
  row.host = builder.intern(resource.entity.host);
  row.service = builder.intern(resource.entity.service);
  row.clock = builder.intern(resource.entity.clock);
}

const SCOPE_NAME = 0x0a;
const SCOPE_VERSION = 0x12;
const SCOPE_ATTRIBUTES = 0x1a;
const SCOPE_DROPPED = 0x20;

function readScope(decoding: Decoding, end: number, schemaUrl: string): readonly ScopeMember[] {
  const { input, memory } = decoding;
  const { reader } = input;
  const members: ScopeMember[] = [];
  const add = (key: string, value: Json): void => {
    const json = utf8(canonicalJson(value));
    members.push({ key: memory.keys.of(key), json, isAscii: json.every((byte) => byte < 0x80) });
  };
  const addText = (key: string): void => {
    const textEnd = enter(input, end);
    if (textEnd > reader.pos) add(key, utf8Slice(input.bytes, reader.pos, textEnd));
    reader.pos = textEnd;
  };
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === SCOPE_NAME) addText(OTLP_KEYS.scopeName);
    else if (tag === SCOPE_VERSION) addText(OTLP_KEYS.scopeVersion);
    else if (tag === SCOPE_ATTRIBUTES) {
      const [key, value] = readScopeAttribute(input, enter(input, end));
      add(`otel.scope.${key}`, value);
    } else if (tag === SCOPE_DROPPED) {
      const count = reader.uint32();
      if (count > 0) add(`otel.scope.dropped_attributes_count`, count);
    } else skipField(input, tag, end);
    checkEnd(input, end);
  }
  if (schemaUrl !== '') add(OTLP_KEYS.schemaUrl, schemaUrl);
  return members;
}

function readScopeAttribute(input: WireInput, end: number): [string, Json] {
  try {
    return readKeyValue(input, end, 0);
  } catch (error) {
    if (error instanceof RejectedRecord) throw new MalformedBody(error.message, input.reader.pos);
    throw error;
  }
}
