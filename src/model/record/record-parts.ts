import type { Json, JsonObject } from '../../base/canonical-json.ts';
import { parseJson, parseJsonObject } from '../../base/parse-json.ts';

/** A member that is left out when its text is empty. */
export function named<Name extends string>(
  name: Name,
  text: string,
): { readonly [N in Name]?: string } {
  return text === '' ? {} : ({ [name]: text } as { readonly [N in Name]?: string });
}

/** A trace id as 32 hexadecimal digits; '' for the invalid id of zeros (W3C Trace Context). */
export function traceText(high: bigint, low: bigint): string {
  return high === 0n && low === 0n ? '' : hex(high) + hex(low);
}

/** A span id as 16 hexadecimal digits; '' for the invalid id of zeros. */
export function spanText(span: bigint): string {
  return span === 0n ? '' : hex(span);
}

function hex(half: bigint): string {
  return half.toString(16).padStart(16, '0');
}

/** A record's body from its column; undefined when it has none. */
export function bodyOf(text: string, isJson: boolean): Json | undefined {
  if (!isJson) return text === '' ? undefined : text;
  // Normalizers write canonical JSON; what is none is shown as it is rather than lost.
  return parseJson(text) ?? text;
}

/** The JSON object of a column; {} for the empty text and for anything else. */
export function objectOf(text: string): JsonObject {
  if (text === '') return {};
  return parseJsonObject(text) ?? {};
}

/**
 * A span id as a number: its lower 53 bits, so that a map of them needs no bigint keys. Two of
 * 20,000 random ids collide once in 45 million such sets.
 */
export function spanKey(id: bigint | undefined): number {
  return id === undefined ? 0 : Number(BigInt.asUintN(53, id));
}
