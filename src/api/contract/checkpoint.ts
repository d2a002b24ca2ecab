import { z } from 'zod';
import type { Capture } from '../../model/checkpoint/capture.ts';
import { DISRUPTIONS, type Change } from '../../model/checkpoint/change.ts';
import type {
  CheckpointFact,
  CheckpointManifest,
  CheckpointReason,
  CheckpointView,
  Exercise,
  SourceWatermark,
} from '../../model/checkpoint/checkpoint.ts';
import type { ProbeSample } from '../../model/health/verdict.ts';
import { describes } from './route.ts';
import { instantText } from './words.ts';

/** How a checkpoint stands, see `recovery.md` 4.2. */
export const checkpointStatus = z.enum([
  'captured',
  'restorable',
  'good',
  'proven',
  'suspect',
  'bad',
  'unrestorable',
]);

/** A judgement now. */
export const verdict = z.enum(['healthy', 'degraded', 'failed', 'inconclusive']);

/** What one health check says. */
export const probeColor = z.enum(['green', 'red', 'unknown']);
const texts = z.array(z.string());

const takenBecause = describes<CheckpointReason>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('first') }),
    z.object({ kind: z.literal('schedule') }),
    z.object({
      kind: z.literal('manual'),
      actor: z.string(),
      note: z.string().exactOptional(),
    }),
    z.object({ kind: z.literal('trigger'), trigger: z.string() }),
    z.object({
      kind: z.literal('change'),
      component: z.string(),
      version: z.string().exactOptional(),
    }),
    z.object({ kind: z.literal('before-rollback'), run: z.string() }),
  ]),
);

const capture = describes<Capture>()(
  z.object({
    state: z.string(),
    component: z.string(),
    provider: z.string(),
    providerVersion: z.number(),
    fingerprint: z.string(),
    image: z.string(),
    items: z.number(),
    bytes: z.number(),
    unstable: z.boolean(),
    compareOnly: z.boolean(),
    coverage: z.object({ included: texts, excluded: texts }),
    drift: texts.exactOptional(),
  }),
);

const probeSample = describes<ProbeSample>()(
  z.object({
    check: z.string(),
    component: z.string(),
    color: probeColor,
    seen: z.string(),
    external: z.literal(true).exactOptional(),
  }),
);

/** How far the evidence of a source goes. */
export const sourceWatermark = describes<SourceWatermark>()(
  z.object({
    source: z.string(),
    time: instantText.exactOptional(),
    gapAt: instantText.exactOptional(),
  }),
);

const manifest = describes<CheckpointManifest>()(
  z.object({
    version: z.literal(1),
    takenAt: instantText,
    reason: takenBecause,
    stableFrom: instantText,
    stableTo: instantText,
    consistency: z.enum(['L0', 'L1', 'L2', 'L3']),
    capturedFrom: instantText.exactOptional(),
    capturedTo: instantText.exactOptional(),
    references: z.array(z.object({ from: z.string(), to: z.string() })).exactOptional(),
    quiesced: z
      .array(
        z.object({ component: z.string(), ms: z.number(), problem: z.string().exactOptional() }),
      )
      .exactOptional(),
    absent: texts.exactOptional(),
    captures: z.array(capture),
    failures: z.array(z.object({ state: z.string(), why: z.string() })),
    verdict,
    samples: z.array(probeSample),
    watermarks: z.array(sourceWatermark),
  }),
);

const exercise = describes<Exercise>()(z.object({ exercised: texts, notExercised: texts }));

/** One thing that is known of a checkpoint: its status is computed from these alone. */
export const checkpointFact = describes<CheckpointFact>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('sealed'), at: instantText, manifest }),
    z.object({ kind: z.literal('read-back'), at: instantText, ok: z.boolean(), why: z.string() }),
    z.object({ kind: z.literal('soak-sample'), at: instantText, verdict }),
    z.object({
      kind: z.literal('soak-ended'),
      at: instantText,
      healthy: z.boolean(),
      why: z.string(),
      exercise: exercise.exactOptional(),
    }),
    z.object({
      kind: z.literal('incident'),
      at: instantText,
      incident: z.string(),
      hash: z.string(),
      state: z.string().exactOptional(),
    }),
    z.object({ kind: z.literal('incident-cleared'), at: instantText, incident: z.string() }),
    z.object({
      kind: z.literal('restored'),
      at: instantText,
      run: z.string(),
      healed: z.boolean(),
      states: z.array(z.string()).exactOptional(),
    }),
    z.object({
      kind: z.literal('bad-candidate'),
      at: instantText,
      run: z.string(),
      why: z.string(),
    }),
    z.object({
      kind: z.literal('pinned'),
      at: instantText,
      actor: z.string(),
      reason: z.string(),
    }),
    z.object({ kind: z.literal('unpinned'), at: instantText, actor: z.string() }),
    z.object({ kind: z.literal('forgotten'), at: instantText, actor: z.string() }),
  ]),
);

/** A checkpoint as `list` and `show` print it. */
export const checkpointView = describes<CheckpointView>()(
  z.object({
    id: z.string(),
    status: checkpointStatus,
    statusReason: z.string(),
    goodAt: instantText.exactOptional(),
    pinned: z.boolean(),
    exercise: exercise.exactOptional(),
    level: z.string(),
    claim: z.string(),
    coverage: texts,
    manifest,
  }),
);

/** What going from one state to another does to one item. */
export const change = describes<Change>()(
  z.object({
    state: z.string(),
    component: z.string(),
    path: z.string(),
    section: z.string().exactOptional(),
    words: z.string().exactOptional(),
    op: z.enum(['create', 'update', 'delete']),
    before: z.string().exactOptional(),
    after: z.string().exactOptional(),
    text: z.string().exactOptional(),
    secret: z.boolean(),
    reversible: z.enum(['yes', 'no', 'lossy']),
    loss: z.string().exactOptional(),
    disruption: z.enum(DISRUPTIONS),
  }),
);
