import { aliasesOf } from '../config/inventory.ts';
import type { Config } from '../config/schema.ts';
import type { Rollbacks } from '../recovery/rollback/rollbacks.ts';
import type { EvidencePlane } from './evidence/evidence-plane.ts';
import type { Checkpoints } from './recovery/checkpoints.ts';
import type { HealthWatchParts } from './recovery/health-watch.ts';
import { Planner, type PlannerParts } from './recovery/planner.ts';
import { systemRandom } from './system-random.ts';

/** Of so many a plan asks how they ended: more do not happen within the cool-down of one. */
const RUNS_BEFORE_A_PLAN = 20;

/** What plans are made of, and with. */
interface PlannerGround extends Pick<
  PlannerParts,
  'inventory' | 'client' | 'vault' | 'health' | 'clock'
> {
  readonly evidence: EvidencePlane;
  readonly checkpoints: Checkpoints;
  readonly rollbacks: Rollbacks;
  readonly config: () => Config;
}

/** Who makes plans, by what is configured when it is asked. */
export function plannerOf({
  inventory,
  client,
  vault,
  health,
  clock,
  evidence,
  checkpoints,
  rollbacks,
  config,
}: PlannerGround): Planner {
  return new Planner({
    ...{ inventory, client, vault, health, clock, random: systemRandom },
    settings: () => {
      const { confirmTimeout, onSilence, batches, coolDown: coolDownMs } = config().rollback;
      const { soak: soakMs, jitter: jitterMs, ...sizes } = batches;
      return {
        gate: gateOf(config()),
        ...(confirmTimeout === undefined ? {} : { confirmTimeoutMs: confirmTimeout }),
        onSilence,
        batches: { ...sizes, soakMs, jitterMs },
        coolDownMs,
      };
    },
    checkpoints: () => checkpoints.catalogue.list(),
    runs: () => rollbacks.list(RUNS_BEFORE_A_PLAN),
    took: (components) => rollbacks.timeTakenBy(components),
    effects: (query) => evidence.queryBriefly(query),
    aliases: () => aliasesOf(config()).keys(),
  });
}

/** Of the gate of a run, and of whether a component is well. */
export type GateSettings = ReturnType<HealthWatchParts['gate']>;

/** How many looks in a row are believed, and how far apart they are. */
export function gateOf({ rollback }: Config): GateSettings {
  const { samples, interval } = rollback.gate;
  return { samples, intervalMs: interval };
}
