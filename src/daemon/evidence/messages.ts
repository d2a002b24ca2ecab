import { z } from 'zod';
import { signal } from '../../api/contract/incidents.ts';
import type { Json } from '../../base/canonical-json.ts';
import { timeNs, type TimeNs } from '../../base/time.ts';
import type { RetentionPolicy } from '../../model/evidence/evidence-retention.ts';
import type { Signal } from '../../model/incident/signal.ts';
import { RECORD_KINDS } from '../../model/record/timeline-record.ts';
import type { TimelineFilter, TimelineQuery } from '../../model/record/timeline-query.ts';

/** The subjects between core and evidence process. */
export const SUBJECT = {
  start: 'evidence.start',
  query: 'evidence.query',
  density: 'evidence.density',
  features: 'evidence.features',
  status: 'evidence.status',
  rejects: 'evidence.rejects',
  triggers: 'evidence.triggers',
  clocks: 'evidence.clocks',
  exchange: 'evidence.exchange',
  entities: 'evidence.entities',
  summary: 'evidence.summary',
  senders: 'evidence.senders',
  configure: 'evidence.configure',
  record: 'evidence.record',
  seal: 'evidence.seal',
  retain: 'evidence.retain',
  keepFiles: 'evidence.keep-files',
  release: 'evidence.release',
  stop: 'evidence.stop',
  /** Published by the evidence process. */
  signal: 'evidence.signal',
  arrived: 'evidence.arrived',
  alive: 'evidence.alive',
} as const;

const instant = z
  .string()
  .regex(/^-?\d{1,20}$/)
  .transform((text): TimeNs => timeNs(BigInt(text)));

const filterSchema = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
  components: z.array(z.string()).optional(),
  hosts: z.array(z.string()).optional(),
  services: z.array(z.string()).optional(),
  sources: z.array(z.string()).optional(),
  kinds: z.array(z.enum(RECORD_KINDS)).optional(),
  minSeverity: z.number().optional(),
  eventNames: z.array(z.string()).optional(),
  traceId: z.string().optional(),
  text: z.string().optional(),
});

const querySchema = filterSchema.extend({
  limit: z.int().min(1).max(10_000),
  order: z.enum(['newest', 'oldest', 'arrival']),
  cursor: z.string().optional(),
});

/** The signal of a message. Throws what zod throws when it is none. */
export function decodeSignal(payload: Json): Signal {
  return signal.parse(payload);
}

const policySchema = z.strictObject({
  before: instant,
  rules: z.array(
    z.strictObject({
      kinds: z.array(z.enum(RECORD_KINDS)).optional(),
      components: z.array(z.string()).optional(),
      before: instant,
    }),
  ),
  maxBytes: z.number().optional(),
  referred: z.array(z.strictObject({ from: instant, to: instant.optional(), why: z.string() })),
});

/** The policy of a message. Throws on a message that is none: both ends are ours. */
export function decodePolicy(payload: unknown): RetentionPolicy {
  return policySchema.parse(payload);
}

/** A filter or policy as JSON: nanoseconds are decimal text, since JSON has no bigint. */
export function encodePlain(value: TimelineFilter | RetentionPolicy): Json {
  const plain: unknown = JSON.parse(
    JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'bigint' ? member.toString() : member,
    ),
  );
  return plain as Json;
}

/** The filter of a message. Throws on a message that is none: both ends are ours. */
export function decodeFilter(payload: unknown): TimelineFilter {
  return filterSchema.parse(payload);
}

/** The query of a message. Throws on a message that is none. */
export function decodeQuery(payload: unknown): TimelineQuery {
  return querySchema.parse(payload);
}
