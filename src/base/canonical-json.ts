/** Anything JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * JSON with sorted keys, no white space and no undefined members, so that equal values have equal
 * texts and hashes (after RFC 8785, without its number formatting, which JSON.stringify shares).
 * Throws on a bigint or on a cycle: neither belongs in a value that is hashed.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    const sorted: Record<string, unknown> = Object.create(null);
    for (const [key, inner] of Object.entries(member).toSorted(byKey)) sorted[key] = inner;
    return sorted;
  });
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
