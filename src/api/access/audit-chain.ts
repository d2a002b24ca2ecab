import { canonicalJson } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/hash.ts';
import type { AuditEntry } from '../../model/access/audit-entry.ts';

/** What the first entry gives as its previous. */
export const CHAIN_START = '0'.repeat(64);

/** The newest entry of a chain: enough to add to it and to notice that its end was cut off. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** The head of an empty chain. */
export const EMPTY_CHAIN: ChainHead = { sequence: 0, hash: CHAIN_START };

/** The hash that the entry after this one carries. */
export function auditHash(entry: AuditEntry): string {
  return sha256(canonicalJson(entry));
}

/** The head after an entry, or what does not fit. */
export function follow(
  head: ChainHead,
  entry: AuditEntry,
): ChainHead | { readonly problem: string } {
  const expected = head.sequence + 1;
  if (entry.sequence !== expected) {
    return { problem: `entry ${expected} is missing, ${entry.sequence} stands in its place` };
  }
  if (entry.previous !== head.hash) {
    return { problem: `entry ${entry.sequence} does not follow from the one before it` };
  }
  return { sequence: entry.sequence, hash: auditHash(entry) };
}
