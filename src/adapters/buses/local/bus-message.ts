import { fromUtf8Strict, utf8 } from '../../../base/bytes.ts';
import type { Json } from '../../../base/canonical-json.ts';
import { parseJsonObject } from '../../../base/parse-json.ts';
import type { ErrorMessage } from '../../../model/errors/lg-error.ts';

/** What two ends of a bus say to each other, one JSON document a frame. */
export type BusMessage =
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly subject: string;
      readonly payload: Json;
    }
  | { readonly kind: 'answer'; readonly id: number; readonly value: Json }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorMessage }
  | { readonly kind: 'news'; readonly subject: string; readonly payload: Json };

/** Longest subject: dotted words such as `host.web1.provider`. */
const SUBJECT_CHARS_MAX = 200;

/** The bytes of a message. Throws on a bigint or a cycle, which JSON has not. */
export function encodeMessage(message: BusMessage): Uint8Array {
  return utf8(JSON.stringify(message));
}

/** The message of bytes, or undefined when they are none. */
export function decodeMessage(bytes: Uint8Array): BusMessage | undefined {
  const text = fromUtf8Strict(bytes);
  const value = text === undefined ? undefined : parseJsonObject(text);
  return value === undefined ? undefined : messageOf(value);
}

function messageOf(value: Readonly<Record<string, unknown>>): BusMessage | undefined {
  const { kind, id, subject, payload, error } = value;
  if (kind === 'news' && isSubject(subject) && isJson(payload)) return { kind, subject, payload };
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  if (kind === 'request' && isSubject(subject) && isJson(payload)) {
    return { kind, id, subject, payload };
  }
  if (kind === 'answer' && isJson(value['value'])) return { kind, id, value: value['value'] };
  if (kind !== 'failure' || typeof error !== 'object' || error === null) return undefined;
  if (!('code' in error) || !('detail' in error)) return undefined;
  return { kind, id, error: { code: String(error.code), detail: String(error.detail) } };
}

function isSubject(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= SUBJECT_CHARS_MAX;
}

/** Whatever JSON.parse gave is JSON; only a missing member is not. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}
