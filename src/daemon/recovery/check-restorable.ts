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
  readonly asked: Map<string, Asked>;
}

/** What stands against one capture today. */
interface Asked {
  readonly refused: readonly string[];
  /** Why a plan would leave it out; absent when it would not. */
  readonly left?: string;
}

/** Begins with nothing known: everything is read and asked once. */
export function newCheckMemory(): CheckMemory {
  return { sound: new Set(), asked: new Map() };
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
  const refused = read.problems.length === 0 ? await refusalsOf(view, core, memory) : [];
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

/** What the targets refuse; where plans would leave everything out, that is why. */
async function refusalsOf(
  { manifest }: CheckpointView,
  core: Parts,
  { asked }: CheckMemory,
): Promise<readonly string[]> {
  const answers: Asked[] = [];
  for (const capture of manifest.captures) {
    if (capture.compareOnly) continue;
    const key = `${capture.state} ${capture.image} ${JSON.stringify(capture.scope)}`;
    const answer = asked.get(key) ?? (await askTarget(capture, core));
    asked.set(key, answer);
    answers.push(answer);
  }
  const refused = answers.flatMap((answer) => answer.refused);
  const left = answers.flatMap((answer) => answer.left ?? []);
  return left.length > 0 && left.length === answers.length ? [...refused, ...left] : refused;
}

/**
 * A state that is configured with less than was captured is left out of plans, and one that nobody
 * configures any more is none: neither holds another one back.
 */
async function askTarget(capture: Capture, { inventory, client }: Parts): Promise<Asked> {
  const captured = stateAsCaptured(inventory(), capture);
  if (!captured.ok) {
    const { code, detail } = captured.error;
    return { refused: [], ...(code === 'LG_ROLLBACK_IMPOSSIBLE' ? { left: detail } : {}) };
  }
  const { state } = captured.value;
  const capabilities = await client.capabilities(state);
  if (!capabilities.ok) return { refused: [] };
  const { restorable, notRestorableBecause } = capabilities.value;
  if (!restorable) {
    return { refused: [`${capture.state}: ${notRestorableBecause ?? 'not restorable here'}`] };
  }
  const findings = await client.validate(state, capture.image);
  if (!findings.ok) return { refused: [] };
  return { refused: findings.value.map((finding) => `${capture.state}: ${finding}`) };
}
