import { ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { BlobHash, Capture } from '../../model/checkpoint/capture.ts';
import type { CheckpointStatus, CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { readBack, type ReadBack } from '../../recovery/checkpoint/read-back.ts';
import type { Core } from '../core.ts';
import { stateAsCaptured } from './state-as-captured.ts';

type Parts = Pick<Core, 'checkpoints' | 'vault' | 'clock' | 'inventory' | 'client'>;

/** What was found out of contents and states that several checkpoints hold. */
export interface CheckMemory {
  readonly sound: Set<BlobHash>;
  readonly validated: Map<string, readonly string[]>;
}

/** Begins with nothing known: everything is read and asked once. */
export function newCheckMemory(): CheckMemory {
  return { sound: new Set(), validated: new Map() };
}

/**
 * Whether a checkpoint could be restored today: every byte is read, decrypted and verified, and
 * every target is asked whether it would take what was captured. What cannot be asked now, as when
 * its host is away, says nothing. Its status tells from then on; only a change is written.
 */
export async function checkRestorable(
  view: CheckpointView,
  core: Parts,
  memory: CheckMemory,
): Promise<Result<ReadBack>> {
  const read = await readBack(view.manifest, core.vault, memory.sound);
  const refused: string[] = [];
  if (read.problems.length === 0) {
    for (const capture of view.manifest.captures) {
      refused.push(...(await refusalsOf(capture, core, memory)));
    }
  }
  const problems = [...read.problems, ...refused];
  const { catalogue } = core.checkpoints;
  const last = catalogue.facts(view.id).findLast((fact) => fact.kind === 'read-back');
  const isSound = problems.length === 0;
  const why = isSound ? 'every byte is there, and its targets would take it' : problems.join('; ');
  if (last?.ok === isSound && (isSound || last.why === why)) return ok({ ...read, problems });
  const at = toRfc3339(core.clock.now());
  const told = await catalogue.add(view.id, [{ kind: 'read-back', at, ok: isSound, why }]);
  return told.ok ? ok({ ...read, problems }) : told;
}

/** A checkpoint that fell, what it was before, and why. */
export interface Fallen {
  readonly id: string;
  readonly before: CheckpointStatus;
  readonly why: string;
}

/** Checks every checkpoint and answers those that cannot be restored any more. */
export async function recheckAll(core: Core): Promise<readonly Fallen[]> {
  const memory = newCheckMemory();
  const { catalogue } = core.checkpoints;
  const fallen: Fallen[] = [];
  for (const view of catalogue.list()) {
    const checked = await checkRestorable(view, core, memory);
    if (!checked.ok) {
      core.log.warn('CheckpointRecheckedError', { checkpoint: view.id, code: checked.error.code });
      continue;
    }
    // Retention may have forgotten it meanwhile.
    const after = catalogue.view(view.id);
    if (!after.ok || after.value.status === view.status) continue;
    const { status } = after.value;
    core.news.tell({ kind: 'checkpoint', at: toRfc3339(core.clock.now()), id: view.id, status });
    if (status !== 'unrestorable') continue;
    const why = checked.value.problems.join('; ');
    core.log.error('CheckpointFell', { checkpoint: view.id, before: view.status, why });
    fallen.push({ id: view.id, before: view.status, why });
  }
  return fallen;
}

async function refusalsOf(
  capture: Capture,
  core: Parts,
  { validated }: CheckMemory,
): Promise<readonly string[]> {
  if (capture.compareOnly) return [];
  const key = `${capture.state} ${capture.image}`;
  const known = validated.get(key);
  if (known !== undefined) return known;
  const asked = await askTarget(capture, core);
  validated.set(key, asked);
  return asked;
}

/**
 * A state that nobody configures any more, or with less than was captured, is left out of plans and
 * holds no other one back.
 */
async function askTarget(
  capture: Capture,
  { inventory, client }: Parts,
): Promise<readonly string[]> {
  const captured = stateAsCaptured(inventory(), capture);
  if (!captured.ok) return [];
  const { state } = captured.value;
  const capabilities = await client.capabilities(state);
  if (!capabilities.ok) return [];
  const { restorable, notRestorableBecause } = capabilities.value;
  if (!restorable) return [`${capture.state}: ${notRestorableBecause ?? 'not restorable here'}`];
  const findings = await client.validate(state, capture.image);
  if (!findings.ok) return [];
  return findings.value.map((finding) => `${capture.state}: ${finding}`);
}
