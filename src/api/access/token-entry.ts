import { z } from 'zod';
import { ROLES } from '../../model/access/principal.ts';
import type { TokenView } from '../contract.ts';

/** A token as it is kept: what it may do, and its hash instead of itself. */
export interface StoredToken {
  readonly hash: string;
  readonly view: TokenView;
}

/** One entry of the token stream. */
const tokenEntry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('created'),
    hash: z.string(),
    id: z.string(),
    role: z.enum(ROLES),
    name: z.string().exactOptional(),
    components: z.array(z.string()).exactOptional(),
    createdAt: z.string(),
    createdBy: z.string(),
    expiresAt: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal('revoked'), id: z.string(), at: z.string(), by: z.string() }),
]);

/** The tokens after all entries, oldest first. */
export interface FoldedTokens {
  readonly current: readonly StoredToken[];
  /** The revoked ones, too: what their bearers did still bears their ids. */
  readonly everMade: readonly TokenView[];
}

/** What the entries come to. Throws on an entry of another form. */
export function foldTokens(entries: readonly unknown[]): FoldedTokens {
  const everMade: TokenView[] = [];
  const tokens = new Map<string, StoredToken>();
  for (const entry of entries) {
    const parsed = tokenEntry.parse(entry);
    if (parsed.kind === 'revoked') {
      tokens.delete(parsed.id);
    } else {
      const { kind: _kind, hash, ...view } = parsed;
      tokens.set(view.id, { hash, view });
      everMade.push(view);
    }
  }
  return { current: [...tokens.values()], everMade };
}
