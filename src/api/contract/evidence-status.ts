import { z } from 'zod';
import type { ClockOffset } from '../../model/evidence/clock-offset.ts';
import type { Completeness } from '../../model/evidence/completeness.ts';
import type { SourceStatus, StoreStatus } from '../../model/evidence/store-status.ts';
import { sourceWatermark } from './checkpoint.ts';
import { describes } from './route.ts';
import { instantText } from './words.ts';

const texts = z.array(z.string());

/** A source with its health. */
export const sourceStatus = describes<SourceStatus>()(
  z.object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['running', 'waiting', 'failed', 'off']),
    target: z.string(),
    received: z.number(),
    records: z.number(),
    repeated: z.number(),
    leftOut: z.number(),
    rejects: z.number(),
    shed: z.number(),
    shedBy: z.array(z.object({ why: z.string(), records: z.number() })),
    refused: z.number(),
    lagMs: z.number(),
    rules: z.array(
      z.object({
        name: z.string(),
        do: z.enum(['drop', 'count', 'dedupe']),
        leftOut: z.number(),
        written: z.number(),
        lastAt: instantText.exactOptional(),
        example: z.string().exactOptional(),
      }),
    ),
    gaps: z.number().exactOptional(),
    caughtUp: z.boolean().exactOptional(),
    backlogBytes: z.number().exactOptional(),
    lastRecordAt: instantText.exactOptional(),
    problem: z.string().exactOptional(),
  }),
);

/** How much is stored, and what was set aside or is held. */
export const storeStatus = describes<StoreStatus>()(
  z.object({
    records: z.number(),
    hotRecords: z.number(),
    segments: z.number(),
    segmentBytes: z.number(),
    logBytes: z.number(),
    quarantined: z.array(z.object({ segment: z.string(), why: z.string() })),
    held: z.array(z.object({ why: z.string(), segments: z.number(), bytes: z.number() })),
    watermarks: z.array(sourceWatermark),
  }),
);

/** Up to when evidence is complete. */
export const completeness = describes<Completeness>()(
  z.object({
    upTo: instantText.exactOptional(),
    complete: z.number(),
    sources: z.number(),
    incomplete: z.array(
      z.object({
        source: z.string(),
        time: instantText.exactOptional(),
        gapAt: instantText.exactOptional(),
        silent: z.literal(true).exactOptional(),
      }),
    ),
    text: z.string(),
  }),
);

/** A clock, and how it stands to ours. */
export const clockOffset = describes<ClockOffset>()(
  z.object({
    clock: z.string(),
    offsetNs: z.number(),
    boundNs: z.number().exactOptional(),
    method: z.string(),
    corrected: z.boolean(),
    driftPpm: z.number(),
    since: instantText.exactOptional(),
    via: texts,
  }),
);
