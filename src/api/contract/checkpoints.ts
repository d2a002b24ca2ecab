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
import { describes, route } from './route.ts';
import { instantText, name, names, queryNames, queryNumber, reason } from './words.ts';

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

const fact = describes<CheckpointFact>()(
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

/** The difference of two checkpoints, or of one and now. */
export interface CheckpointDiff {
  readonly from: string;
  /** A checkpoint's id or `now`. */
  readonly to: string;
  readonly changes: readonly Change[];
  /** States that only one side has or that could not be read, and why. */
  readonly notCompared: readonly { readonly state: string; readonly why: string }[];
}

/** Why a checkpoint has its status. */
export interface CheckpointExplanation {
  readonly checkpoint: CheckpointView;
  /** Every fact about it in order: the status is computed from these alone. */
  readonly facts: readonly CheckpointFact[];
  /** Which evidence stays because of it, whatever its age; absent when none does. */
  readonly evidence?: string;
}

/** What re-reading every byte of checkpoints found. */
export interface CheckpointCheck {
  readonly ok: boolean;
  readonly checkpoints: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly problems: readonly { readonly checkpoint: string; readonly why: string }[];
}

/** What retention dropped, or would drop. */
export interface ForgetReport {
  readonly dryRun: boolean;
  readonly forgotten: readonly string[];
  readonly kept: readonly { readonly id: string; readonly why: string }[];
  readonly freedBytes: number;
  /** Why nothing could be freed; absent otherwise. */
  readonly notFreed?: string;
}

/** One thing to write when a checkpoint is exported; paths are relative to the target folder. */
export type ExportEntry =
  | {
      readonly kind: 'folder' | 'file';
      readonly path: string;
      /** Permission bits. */
      readonly mode: number;
      readonly uid?: number;
      readonly gid?: number;
      /** A file's content, base64; a large file goes on in `part`s. */
      readonly content?: string;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'part'; readonly path: string; readonly content: string };

const id = z.strictObject({ id: name });

/** Calls about checkpoints. `checkpointExport` answers NDJSON, one `ExportEntry` a line. */
export const CHECKPOINT_ROUTES = {
  checkpointList: route({
    method: 'GET',
    path: '/checkpoints',
    summary: 'Checkpoints, newest first.',
    permissions: ['read'],
    input: z.strictObject({
      component: name.optional(),
      limit: queryNumber(1, 1000).default(100),
    }),
    answer: z.object({ checkpoints: z.array(checkpointView).readonly() }),
  }),
  checkpointTake: route({
    method: 'POST',
    path: '/checkpoints',
    summary: 'Takes a checkpoint now.',
    permissions: ['checkpoint'],
    action: 'checkpoint.take',
    input: z.strictObject({ components: names.optional(), note: reason.optional() }),
    answer: checkpointView,
  }),
  checkpointShow: route({
    method: 'GET',
    path: '/checkpoints/{id}',
    summary: 'One checkpoint.',
    permissions: ['read'],
    input: id,
    answer: checkpointView,
  }),
  checkpointExplain: route({
    method: 'GET',
    path: '/checkpoints/{id}/explain',
    summary: 'Why a checkpoint has its status: every fact about it.',
    permissions: ['read'],
    input: id,
    answer: describes<CheckpointExplanation>()(
      z.object({
        checkpoint: checkpointView,
        facts: z.array(fact),
        evidence: z.string().exactOptional(),
      }),
    ),
  }),
  checkpointDiff: route({
    method: 'GET',
    path: '/checkpoints/{id}/diff/{other}',
    summary: 'What changed between two checkpoints; `now` stands for the present state.',
    permissions: ['read'],
    input: z.strictObject({ id: name, other: name, component: queryNames.optional() }),
    answer: describes<CheckpointDiff>()(
      z.object({
        from: z.string(),
        to: z.string(),
        changes: z.array(change),
        notCompared: z.array(z.object({ state: z.string(), why: z.string() })),
      }),
    ),
  }),
  checkpointCheck: route({
    method: 'POST',
    path: '/checkpoints/check',
    summary: 'Re-reads, decrypts and verifies every byte of one checkpoint or of all.',
    permissions: ['checkpoint'],
    action: 'checkpoint.check',
    input: z.strictObject({ checkpoint: name.optional() }),
    answer: describes<CheckpointCheck>()(
      z.object({
        ok: z.boolean(),
        checkpoints: z.number(),
        blobs: z.number(),
        bytes: z.number(),
        problems: z.array(z.object({ checkpoint: z.string(), why: z.string() })),
      }),
    ),
  }),
  checkpointExport: route({
    method: 'GET',
    path: '/checkpoints/{id}/export',
    summary: 'Plain files with owner and mode and RESTORE.md, as NDJSON; it holds secrets.',
    permissions: ['administer'],
    action: 'checkpoint.export',
    input: id,
    answer: describes<ExportEntry>()(
      z.discriminatedUnion('kind', [
        z.object({
          kind: z.enum(['folder', 'file']),
          path: z.string(),
          mode: z.number(),
          uid: z.number().exactOptional(),
          gid: z.number().exactOptional(),
          content: z.string().exactOptional(),
        }),
        z.object({ kind: z.literal('link'), path: z.string(), target: z.string() }),
        z.object({ kind: z.literal('part'), path: z.string(), content: z.string() }),
      ]),
    ),
  }),
  checkpointPin: route({
    method: 'POST',
    path: '/checkpoints/{id}/pin',
    summary: 'Keeps a checkpoint whatever retention says.',
    permissions: ['checkpoint'],
    action: 'checkpoint.pin',
    input: z.strictObject({ id: name, reason }),
    answer: checkpointView,
  }),
  checkpointUnpin: route({
    method: 'POST',
    path: '/checkpoints/{id}/unpin',
    summary: 'Leaves a checkpoint to retention again.',
    permissions: ['checkpoint'],
    action: 'checkpoint.unpin',
    input: id,
    answer: checkpointView,
  }),
  checkpointForget: route({
    method: 'POST',
    path: '/checkpoints/forget',
    summary: 'Drops the named checkpoints, or those that retention no longer keeps.',
    permissions: ['administer'],
    action: 'checkpoint.forget',
    input: z.strictObject({ checkpoints: names.optional(), dryRun: z.boolean().default(false) }),
    answer: describes<ForgetReport>()(
      z.object({
        dryRun: z.boolean(),
        forgotten: texts,
        kept: z.array(z.object({ id: z.string(), why: z.string() })),
        freedBytes: z.number(),
        notFreed: z.string().exactOptional(),
      }),
    ),
  }),
};
