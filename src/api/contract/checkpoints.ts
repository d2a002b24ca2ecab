import { z } from 'zod';
import type { Change } from '../../model/checkpoint/change.ts';
import type { CheckpointFact, CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { change, checkpointFact, checkpointView } from './checkpoint.ts';
import { describes, route } from './route.ts';
import { name, names, queryNames, queryNumber, reason } from './words.ts';

const texts = z.array(z.string());

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
        facts: z.array(checkpointFact),
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
