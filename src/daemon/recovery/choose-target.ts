import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339, toSecond } from '../../base/time.ts';
import {
  rankCheckpoints,
  recommendCheckpoint,
  runnerUpOf,
  whySecond,
  type RecommendationInput,
} from '../../evidence/diagnose/recommend-checkpoint.ts';
import { DISRUPTIONS } from '../../model/checkpoint/change.ts';
import { isCompareOnly, type CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { TargetChoice } from '../../model/run/plan.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';
import type { Core } from '../core.ts';

/** Where a rollback goes, with the reason and what else there is. */
export interface ChosenTarget {
  readonly target: CheckpointView;
  readonly choice: TargetChoice;
}

type ChoosingParts = Pick<Core, 'checkpoints' | 'clock' | 'inventory' | 'client'>;

/**
 * The checkpoint that was named, else the one that the incident's diagnosis recommends as long as
 * it may still be gone back to, else the best by rule 9 of recovery.md 4.2; with the runner-up.
 */
export async function chooseTarget(
  parts: ChoosingParts,
  id: string | undefined,
  incident: Incident | undefined,
): Promise<Result<ChosenTarget>> {
  const { catalogue } = parts.checkpoints;
  const input = await inputOf(parts, incident);
  const ranked = rankCheckpoints(input);
  if (id !== undefined) {
    const named = catalogue.view(id);
    if (!named.ok) return named;
    return ok(chosen(named.value, 'it was named', ranked, input));
  }
  const diagnosed = incident?.diagnosis?.rollback.checkpoint;
  const advised = ranked.find((view) => view.id === diagnosed);
  if (advised !== undefined && incident !== undefined) {
    return ok(chosen(advised, `the diagnosis of ${incident.id} recommends it`, ranked, input));
  }
  const best = recommendCheckpoint(input);
  if (best !== undefined) return ok(chosen(best.checkpoint, best.why, ranked, input));
  const [newest] = catalogue.list();
  if (newest !== undefined && catalogue.list().every(({ manifest }) => isCompareOnly(manifest))) {
    const detail = `${newest.id} and those before it only tell what changed`;
    return err(lgError('LG_ROLLBACK_COMPARE_ONLY', detail));
  }
  const when = incident === undefined ? '' : ` from before ${toSecond(incident.firstBadAt)}`;
  return err(lgError('LG_ROLLBACK_NO_TARGET', `there is no restorable checkpoint${when}`));
}

function chosen(
  target: CheckpointView,
  why: string,
  ranked: readonly CheckpointView[],
  input: RecommendationInput,
): ChosenTarget {
  const second = runnerUpOf(target, ranked);
  if (second === undefined) return { target, choice: { why } };
  const runnerUp = {
    checkpoint: second.id,
    status: second.status,
    takenAt: second.manifest.takenAt,
    why: whySecond(target, second, ranked, input),
  };
  return { target, choice: { why, runnerUp } };
}

async function inputOf(
  { checkpoints, clock, inventory, client }: ChoosingParts,
  incident: Incident | undefined,
): Promise<RecommendationInput> {
  const input: RecommendationInput = {
    checkpoints: checkpoints.catalogue.list(),
    before: incident?.firstBadAt ?? toRfc3339(clock.now()),
    ...(incident === undefined ? { nothingFailed: true } : {}),
    states: [],
  };
  // Looking at every state costs: only where status and time leave a choice.
  const [first, second] = rankCheckpoints(input);
  if (first?.status !== second?.status) return input;
  if (first?.manifest.takenAt !== second?.manifest.takenAt) return input;
  const current = await checkpoints.fingerprints();
  return { ...input, current, disruption: await disruptions(inventory().states, client) };
}

async function disruptions(
  states: ReturnType<Core['inventory']>['states'],
  client: ProviderClient,
): Promise<Readonly<Record<string, number>>> {
  const known: Record<string, number> = {};
  for (const state of states) {
    const capabilities = await client.capabilities(state);
    if (!capabilities.ok) continue;
    const { disruption, dataBearing } = capabilities.value;
    known[state.id] = DISRUPTIONS.indexOf(dataBearing ? 'data-loss' : disruption);
  }
  return known;
}
