import { parseRfc3339, toRfc3339 } from '../../base/time.ts';
import {
  isCompareOnly,
  PINNED_WITHOUT_REASON,
  type CheckpointFact,
  type CheckpointManifest,
  type CheckpointStatus,
  type Exercise,
} from '../../model/checkpoint/checkpoint.ts';
import { unclearMs, wellTime } from './soak-clarity.ts';

/** Said of a checkpoint from which nothing can be restored, whatever else is true of it. */
const COMPARE_ONLY = 'compare-only: it tells what changed since and restores nothing';

/** A status with its reason in words. */
export interface StatusFinding {
  readonly status: CheckpointStatus;
  readonly statusReason: string;
  /** When it becomes good if health holds, RFC 3339; while it soaks and may become so. */
  readonly goodAt?: string;
  readonly pinned: boolean;
  /** What it was seen to work for; absent when no soak counted it. */
  readonly exercise?: Exercise;
}

/**
 * Computes the status of a checkpoint from its facts alone (recovery.md 4.2): the worst that is
 * known counts, so a later fact revokes what an earlier one gave. Facts are in order of time.
 */
export function checkpointStatus(facts: readonly CheckpointFact[], soakMs: number): StatusFinding {
  const pinned = facts.findLast((f) => f.kind === 'pinned' || f.kind === 'unpinned');
  const exercise = last(facts, 'soak-ended')?.exercise;
  const finding = {
    ...statusOf(facts, soakMs),
    pinned: pinned?.kind === 'pinned',
    ...(exercise === undefined ? {} : { exercise }),
  };
  const sealed = last(facts, 'sealed');
  if (sealed === undefined || !isCompareOnly(sealed.manifest)) return finding;
  return { ...finding, statusReason: `${COMPARE_ONLY}; ${finding.statusReason}` };
}

function statusOf(facts: readonly CheckpointFact[], soakMs: number): Omit<StatusFinding, 'pinned'> {
  const readBack = last(facts, 'read-back');
  if (readBack === undefined) {
    return { status: 'captured', statusReason: 'captured; its bytes were not read back yet' };
  }
  if (!readBack.ok) return { status: 'unrestorable', statusReason: readBack.why };
  const restored = last(facts, 'restored');
  if (restored?.healed === false) {
    const statusReason = `going back to it in ${restored.run} did not heal`;
    return { status: 'bad', statusReason };
  }
  const accused = [...new Set(openAccusations(facts).map(({ incident }) => incident))];
  if (accused.length > 0) {
    const statusReason = `it holds the state that ${accused.join(' and ')} points at`;
    return { status: 'suspect', statusReason };
  }
  const harm = openHarm(facts);
  if (harm !== undefined) {
    return {
      status: 'suspect',
      statusReason: `going back to it in ${harm.run} harmed: ${harm.why}`,
    };
  }
  const proof = facts.findLast((fact) => isProof(fact, facts));
  if (proof?.kind === 'restored') {
    return {
      status: 'proven',
      statusReason: `all of it in place after ${proof.run}, which healed`,
    };
  }
  const soak = soakStatus(facts, soakMs);
  if (restored?.states === undefined || restored.states.length === 0) return soak;
  const part = `${restored.states.join(', ')} of it in place after ${restored.run}, which healed`;
  return { ...soak, statusReason: `${soak.statusReason}; only ${part}` };
}

/**
 * The last run that harmed as it went there, while nothing later outweighs it: a run that healed
 * with all of it in place, or a person who keeps it pinned with a reason of their own. What was
 * said before tells nothing of the harm, and an unpin takes its pin's word back.
 */
function openHarm(
  facts: readonly CheckpointFact[],
): Extract<CheckpointFact, { kind: 'bad-candidate' }> | undefined {
  const harm = last(facts, 'bad-candidate');
  if (harm === undefined) return undefined;
  const later = facts.slice(facts.lastIndexOf(harm) + 1);
  if (later.some((fact) => isProof(fact, facts))) return undefined;
  const pins = later.slice(later.findLastIndex(({ kind }) => kind === 'unpinned') + 1);
  const isVouchedFor = pins.some(
    (fact) => fact.kind === 'pinned' && fact.reason !== PINNED_WITHOUT_REASON,
  );
  return isVouchedFor ? undefined : harm;
}

/**
 * Whether all that can be restored of a checkpoint was as it has it when a run healed. Parts of it
 * beside other versions of the rest are a set of their own, of which that says nothing.
 */
function isProof(fact: CheckpointFact, facts: readonly CheckpointFact[]): boolean {
  if (fact.kind !== 'restored' || !fact.healed) return false;
  const captures = last(facts, 'sealed')?.manifest.captures ?? [];
  const restorable = captures.filter(({ compareOnly }) => !compareOnly);
  return restorable.length > 0 && restorable.every(({ state }) => fact.states?.includes(state));
}

function soakStatus(
  facts: readonly CheckpointFact[],
  soakMs: number,
): Omit<StatusFinding, 'pinned'> {
  const ended = last(facts, 'soak-ended');
  if (ended?.healthy === true) return { status: 'good', statusReason: ended.why };
  if (ended !== undefined) return { status: 'restorable', statusReason: `not good: ${ended.why}` };
  const sealed = last(facts, 'sealed');
  const takenAt = parseRfc3339(sealed?.manifest.takenAt ?? '');
  if (sealed === undefined || takenAt === undefined) {
    return { status: 'restorable', statusReason: 'restorable' };
  }
  const hopeless = whyNeverGood(sealed.manifest, facts);
  if (hopeless !== undefined) return { status: 'restorable', statusReason: hopeless };
  const goodAt = toRfc3339(wellTime(takenAt, soakMs, unclearMs(facts)));
  const statusReason = `becomes good at ${goodAt.slice(11, 19)}Z if health holds`;
  return { status: 'restorable', statusReason, goodAt };
}

/**
 * Why nobody may be promised that it becomes good, as far as is known now: what was sick when it
 * was taken never does, and what nobody judges does not until somebody has.
 */
function whyNeverGood(
  { verdict, samples }: CheckpointManifest,
  facts: readonly CheckpointFact[],
): string | undefined {
  if (verdict === 'failed' || verdict === 'degraded') {
    return `not good: health was ${verdict} when it was taken`;
  }
  const wasSeen = facts.some((fact) => fact.kind === 'soak-sample' && fact.verdict === 'healthy');
  if (verdict === 'healthy' || samples.length > 0 || wasSeen) return undefined;
  return 'not good as long as no health check or trigger has data to judge it by';
}

/** What incidents say against a checkpoint and did not take back. */
export function openAccusations(
  facts: readonly CheckpointFact[],
): readonly Extract<CheckpointFact, { kind: 'incident' }>[] {
  const open = new Map<string, Extract<CheckpointFact, { kind: 'incident' }>>();
  for (const fact of facts) {
    if (fact.kind === 'incident') open.set(`${fact.incident} ${fact.state} ${fact.hash}`, fact);
    if (fact.kind !== 'incident-cleared') continue;
    for (const [key, { incident }] of open) if (incident === fact.incident) open.delete(key);
  }
  return [...open.values()];
}

function last<Kind extends CheckpointFact['kind']>(
  facts: readonly CheckpointFact[],
  kind: Kind,
): Extract<CheckpointFact, { kind: Kind }> | undefined {
  return facts.findLast(
    (fact): fact is Extract<CheckpointFact, { kind: Kind }> => fact.kind === kind,
  );
}
