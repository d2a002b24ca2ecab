import { requireComponents } from '../../api/access/permission.ts';
import type { ApiBackend } from '../../api/backend.ts';
import type { CheckpointCheck, ForgetReport } from '../../api/contract.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { BlobHash } from '../../model/checkpoint/capture.ts';
import type { CheckpointFact, CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { blobsOf } from '../../recovery/checkpoint/read-back.ts';
import { decideRetention, mustStay } from '../../recovery/checkpoint/retention.ts';
import type { Core } from '../core.ts';
import { referredText } from '../recovery/evidence-policy.ts';
import { checkRestorable, newCheckMemory } from '../recovery/check-restorable.ts';
import { exportCheckpoint } from '../recovery/export-checkpoint.ts';
import { retainEvidence } from '../recovery/retain-evidence.ts';

type CheckpointCall =
  | 'checkpointList'
  | 'checkpointTake'
  | 'checkpointShow'
  | 'checkpointExplain'
  | 'checkpointDiff'
  | 'checkpointCheck'
  | 'checkpointExport'
  | 'checkpointPin'
  | 'checkpointUnpin'
  | 'checkpointForget';

/** Calls about checkpoints. */
export function checkpointCalls(core: Core): Pick<ApiBackend, CheckpointCall> {
  const { checkpoints } = core;
  const { catalogue } = checkpoints;
  return {
    checkpointList: async (_caller, { component, limit }) => {
      const held = (view: CheckpointView): boolean =>
        component === undefined ||
        view.manifest.captures.some((capture) => capture.component === component);
      return ok({ checkpoints: catalogue.list().filter(held).slice(0, limit) });
    },
    checkpointTake: async ({ principal }, { components, note }) => {
      const inventory = core.inventory();
      const named = components ?? inventory.components.map(({ name }) => name);
      const together = inventory.statesTogether(components).map(({ component }) => component);
      const wanted = [...new Set([...named, ...together])];
      const allowed = requireComponents(principal, 'checkpoint', wanted);
      if (!allowed.ok) return allowed;
      const words = note === undefined ? {} : { note };
      return checkpoints.take({ kind: 'manual', actor: principal.id, ...words }, components);
    },
    checkpointShow: async (_caller, { id }) => catalogue.view(id),
    checkpointExplain: async (_caller, { id }) => {
      const view = catalogue.view(id);
      if (!view.ok) return view;
      const time = core.referredTime(view.value);
      const facts = catalogue.facts(id);
      return ok({
        checkpoint: view.value,
        facts,
        ...(time === undefined ? {} : { evidence: referredText(time) }),
      });
    },
    checkpointDiff: async (_caller, { id, other, component }) => {
      const from = catalogue.view(id);
      if (!from.ok) return from;
      const to = other === 'now' ? ok('now' as const) : catalogue.view(other);
      if (!to.ok) return to;
      const { changes, notCompared } = await checkpoints.compare(from.value, to.value, component);
      return ok({ from: id, to: other, changes, notCompared });
    },
    checkpointCheck: async (_caller, { checkpoint }) => checkStored(core, checkpoint),
    checkpointExport: async (_caller, { id }) => {
      const view = catalogue.view(id);
      if (!view.ok) return view;
      return ok(exportCheckpoint(view.value, core.vault, core.inventory()));
    },
    ...keepingCalls(core),
    checkpointForget: (caller, { checkpoints: ids, dryRun }) =>
      forget(core, caller.principal.id, ids, dryRun),
  };
}

function keepingCalls(core: Core): Pick<ApiBackend, 'checkpointPin' | 'checkpointUnpin'> {
  const { catalogue } = core.checkpoints;
  const add = async (id: string, fact: CheckpointFact): Promise<Result<CheckpointView>> => {
    const added = await catalogue.add(id, [fact]);
    return added.ok ? catalogue.view(id) : added;
  };
  const at = (): string => toRfc3339(core.clock.now());
  return {
    checkpointPin: async ({ principal }, { id, reason }) => {
      const pinned = await add(id, { kind: 'pinned', at: at(), actor: principal.id, reason });
      // Its evidence may be about to go. What is unpinned goes with the next regular look only.
      if (pinned.ok) void retainEvidence(core);
      return pinned;
    },
    checkpointUnpin: ({ principal }, { id }) =>
      add(id, { kind: 'unpinned', at: at(), actor: principal.id }),
  };
}

/** Reads every byte again and asks the targets; what stands against a checkpoint is recorded. */
async function checkStored(core: Core, id: string | undefined): Promise<Result<CheckpointCheck>> {
  const { catalogue } = core.checkpoints;
  const one = id === undefined ? undefined : catalogue.view(id);
  if (one !== undefined && !one.ok) return one;
  const views = one === undefined ? catalogue.list() : [one.value];
  const memory = newCheckMemory();
  const problems: { checkpoint: string; why: string }[] = [];
  let blobs = 0;
  let bytes = 0;
  for (const view of views) {
    const checked = await checkRestorable(view, core, memory);
    if (!checked.ok) return checked;
    blobs += checked.value.blobs;
    bytes += checked.value.bytes;
    problems.push(...checked.value.problems.map((why) => ({ checkpoint: view.id, why })));
  }
  return ok({ ok: problems.length === 0, checkpoints: views.length, blobs, bytes, problems });
}

/** Drops the named checkpoints, or what retention no longer keeps, and frees their blobs. */
export async function forget(
  core: Core,
  actor: string,
  ids: readonly string[] | undefined,
  dryRun: boolean,
): Promise<Result<ForgetReport>> {
  const { checkpoints, clock } = core;
  const newestFirst = checkpoints.catalogue.list();
  const inUse = core.checkpointsInUse();
  const verdict =
    ids === undefined
      ? decideRetention(newestFirst, core.keepPolicy(), inUse, clock.now())
      : { forget: ids, kept: [] };
  for (const id of ids ?? []) {
    const view = checkpoints.catalogue.view(id);
    if (!view.ok) return view;
    const why = mustStay(view.value, newestFirst, inUse, core.keepPolicy(), clock.now());
    if (why !== undefined) return err(lgError('LG_CHECKPOINT_PINNED', `${id}: ${why}`));
  }
  const report = { dryRun, forgotten: verdict.forget, kept: verdict.kept };
  if (dryRun || verdict.forget.length === 0) return ok({ ...report, freedBytes: 0 });
  const at = toRfc3339(clock.now());
  for (const id of verdict.forget) {
    const gone = await checkpoints.catalogue.add(id, [{ kind: 'forgotten', at, actor }]);
    if (!gone.ok) return gone;
  }
  const freed = await prune(core);
  if (freed.ok) return ok({ ...report, freedBytes: freed.value });
  if (freed.error.code !== 'LG_CHECKPOINT_DAMAGED') return freed;
  core.log.warn('BlobsFreedError', { why: freed.error.detail });
  return ok({ ...report, freedBytes: 0, notFreed: freed.error.detail });
}

/** Frees blobs that no checkpoint needs; waits for a checkpoint that is being taken. */
async function prune({ checkpoints, vault, rollbacks }: Core): Promise<Result<number>> {
  return checkpoints.prune(async () => {
    if (rollbacks.active().length > 0) return ok(0);
    const keep = new Set<BlobHash>();
    for (const { id, manifest } of checkpoints.catalogue.list()) {
      const needed = await blobsOf(manifest, vault);
      // What cannot be read names no blobs; pruning then could free what is still needed.
      if (!needed.ok) {
        const why = `${id} cannot be read (${needed.error.detail}); forget it to free space again`;
        return err(lgError('LG_CHECKPOINT_DAMAGED', why));
      }
      for (const hash of needed.value) keep.add(hash);
    }
    return vault.prune(keep);
  });
}
