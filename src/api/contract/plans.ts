import { z } from 'zod';
import { DISRUPTIONS } from '../../model/checkpoint/change.ts';
import type { CheckpointStatus, CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { lossText } from '../../model/run/loss-text.ts';
import type {
  ComparedState,
  GateCheck,
  Plan,
  PlanBatch,
  PlanContent,
  PlanStep,
  StateLoss,
  TargetChoice,
} from '../../model/run/plan.ts';
import { change, checkpointStatus } from './checkpoint.ts';
import { describes, route } from './route.ts';
import { instantText, name, names, reason } from './words.ts';

const texts = z.array(z.string());

/** What silence means, of a plan and of its run. */
export const onSilence = z.enum(['revert', 'keep-if-healed']);

const step = describes<PlanStep>()(
  z.object({
    id: z.string(),
    state: z.string(),
    component: z.string(),
    provider: z.string(),
    paths: texts,
    expects: z.string(),
    becomes: z.string(),
    desired: z.string(),
    commands: texts,
    disruption: z.enum(DISRUPTIONS),
  }),
);

const batch = describes<PlanBatch>()(
  z.object({ components: texts, steps: texts, soakMs: z.number(), jitterMs: z.number() }),
);

const comparedState = describes<ComparedState>()(
  z.object({ state: z.string(), equal: z.number(), left: z.string().exactOptional() }),
);

const gateCheck = describes<GateCheck>()(
  z.object({ role: z.enum(['guard', 'goal']), check: z.string(), component: z.string() }),
);

const loss = describes<StateLoss>()(
  z.object({
    state: z.string(),
    removed: z.number(),
    overwritten: z.number(),
    bytes: z.number(),
    versions: z.number(),
    changedAfter: instantText.exactOptional(),
    changedBy: instantText.exactOptional(),
  }),
);

const choice = describes<TargetChoice>()(
  z.object({
    why: z.string(),
    runnerUp: z
      .object({
        checkpoint: z.string(),
        status: checkpointStatus,
        takenAt: instantText,
        why: z.string(),
      })
      .exactOptional(),
  }),
);

const obstacle = describes<PlanObstacle>()(
  z.object({ run: z.string().exactOptional(), states: texts, text: z.string() }),
);

/** What keeps a plan from being applied as things stand now; it may be gone in a moment. */
export interface PlanObstacle {
  /** The run that holds something of it; absent where a target would refuse. */
  readonly run?: string;
  /** What is held or refused. */
  readonly states: readonly string[];
  /** One sentence, with the way out. */
  readonly text: string;
}

/** A plan as the API shows it: its content beside its name, and how its target stands. */
export type PlanView = Omit<Plan, 'content'> &
  Omit<PlanContent, 'settings'> & {
    /** Anything below `good` is offered as *unproven*. */
    readonly targetStatus: CheckpointStatus;
    /** How consistent the target is, in a sentence. */
    readonly targetClaim: string;
    /** What would be lost, a sentence for each state. */
    readonly lossTexts: readonly string[];
    /** Absent when nothing is known to be in its way. */
    readonly obstacles?: readonly PlanObstacle[];
  };

/** The view of a plan; its target may be forgotten by now. */
export function planView(
  plan: Plan,
  target: Pick<CheckpointView, 'status' | 'claim'> | undefined,
  obstacles: readonly PlanObstacle[] = [],
): PlanView {
  const { content, ...named } = plan;
  // Commands and addresses of the configuration are nobody's who only looks at plans.
  const { settings: _settings, ...shown } = content;
  return {
    ...named,
    ...shown,
    targetStatus: target?.status ?? 'unrestorable',
    targetClaim: target?.claim ?? 'it is not there any more',
    lossTexts: (content.losses ?? []).map(lossText),
    ...(obstacles.length === 0 ? {} : { obstacles }),
  };
}

const plan = describes<PlanView>()(
  z.object({
    id: z.string(),
    planHash: z.string(),
    createdAt: instantText,
    expiresAt: instantText,
    requestedBy: z.string(),
    reason: z.string(),
    incident: z.string().exactOptional(),
    choice: choice.exactOptional(),
    undoOf: z.string().exactOptional(),
    target: z.string(),
    targetStatus: checkpointStatus,
    targetClaim: z.string(),
    lossTexts: texts,
    components: texts,
    steps: z.array(step),
    batches: z.array(batch).exactOptional(),
    compared: z.array(comparedState).exactOptional(),
    changes: z.array(change),
    observed: z.record(z.string(), z.string()),
    targets: z
      .record(
        z.string(),
        z.object({
          host: z.string(),
          bootId: z.string(),
          network: z.string().exactOptional(),
        }),
      )
      .exactOptional(),
    groups: z.array(z.object({ name: z.string(), states: texts })).exactOptional(),
    losses: z.array(loss).exactOptional(),
    risks: texts,
    checks: z.array(gateCheck),
    reach: z.array(z.object({ component: z.string(), probes: texts })).exactOptional(),
    gate: z.object({ samples: z.number(), intervalMs: z.number() }),
    confirmTimeoutMs: z.number(),
    confirmWhy: z.string().exactOptional(),
    onSilence,
    approval: z.string().exactOptional(),
    obstacles: z.array(obstacle).exactOptional(),
  }),
);

/** Calls that make and show plans. */
export const PLAN_ROUTES = {
  planCreate: route({
    method: 'POST',
    path: '/plans',
    summary: 'Plans a rollback; the default target is the recommended checkpoint.',
    permissions: ['plan'],
    action: 'plan.create',
    input: z.strictObject({
      checkpoint: name.optional(),
      components: names.optional(),
      incident: name.optional(),
      reason,
    }),
    answer: plan,
  }),
  planShow: route({
    method: 'GET',
    path: '/plans/{id}',
    summary: 'One plan.',
    permissions: ['read'],
    input: z.strictObject({ id: name }),
    answer: plan,
  }),
};
