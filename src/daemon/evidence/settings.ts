import { z } from 'zod';
import { LOG_LEVELS } from '../../base/log.ts';
import { ROLES } from '../../model/access/principal.ts';

/** Who may send: hashes of tokens, never tokens. */
export const evidenceSenders = z.array(
  z.object({
    id: z.string(),
    /** SHA-256 of the token. */
    hash: z.string(),
    role: z.enum(ROLES),
    components: z.array(z.string()).readonly().exactOptional(),
    expiresAt: z.string().exactOptional(),
  }),
);

/** What the core tells the evidence process when it starts it. */
export const evidenceSettings = z.object({
  dataRoot: z.string(),
  keyFile: z.string(),
  /** The configuration's text and name; it was validated by the core. */
  configText: z.string(),
  configFile: z.string(),
  logLevel: z.enum(LOG_LEVELS),
  senders: evidenceSenders,
});

/** As parsed. */
export type EvidenceSettings = z.output<typeof evidenceSettings>;
