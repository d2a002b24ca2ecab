import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `rollback`. */
export const ROLLBACK_ERRORS = {
  LG_ROLLBACK_PLAN_STALE: {
    meaning: 'The world changed since the plan was made.',
    hint: 'Make a new plan and look at it again.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_PLAN_UNKNOWN: {
    meaning: 'There is no plan with this id.',
    hint: 'Make one with `lastgood rollback plan`.',
    exit: 1,
    status: 404,
    retryable: false,
  },
  LG_ROLLBACK_PLAN_EXPIRED: {
    meaning: 'The plan is older than plans may be.',
    hint: 'Make a new plan and look at it again.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_PLAN_EMPTY: {
    meaning: 'There is nothing to roll back: the state equals the checkpoint.',
    hint: 'No action is needed.',
    exit: 1,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_NO_TARGET: {
    meaning: 'No checkpoint can be recommended.',
    hint: 'Name one of `lastgood checkpoint list`.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_RUN_UNKNOWN: {
    meaning: 'There is no run with this id.',
    hint: 'See `lastgood rollback list`.',
    exit: 1,
    status: 404,
    retryable: false,
  },
  LG_ROLLBACK_RUN_ACTIVE: {
    meaning: 'Another run holds one of the components.',
    hint: 'Wait for it, confirm or cancel it; what else may end it: lastgood rollback status RUN.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_NOT_EXTENDED: {
    meaning: 'A run could not be given more time; its deadline is as it was.',
    hint: 'Confirm or cancel it until then; a run can be begun again.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_TOKEN_WRONG: {
    meaning: 'The confirm token or nonce is wrong.',
    hint: 'Use the token apply printed, over a new connection.',
    exit: 4,
    status: 403,
    retryable: false,
  },
  LG_ROLLBACK_NOT_CONFIRMABLE: {
    meaning: 'The run is not waiting for confirmation.',
    hint: 'See `lastgood rollback status`.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_UNREACHABLE: {
    meaning: 'A `reach` probe does not answer, so the way to what was changed may be cut.',
    hint: 'Mend what the probe names and confirm again before the deadline, or cancel.',
    exit: 4,
    status: 409,
    retryable: true,
  },
  LG_ROLLBACK_REACH_UNPROVED: {
    meaning:
      'What was changed carries traffic, and a confirm from this machine proves nothing of it.',
    hint:
      'Confirm from another machine, over a connection opened now, or name a `reach` probe for ' +
      'the component and plan anew.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_DECIDED: {
    meaning: 'The run has its one decision already.',
    hint: 'See `lastgood rollback status`.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_HOLD: {
    meaning: 'Writing is on hold.',
    hint: 'Lift it with `lastgood hold off` when it is safe.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_APPROVAL_NEEDED: {
    meaning: 'This plan needs the word of a second person.',
    hint:
      'Let an approver who did not ask for it say `lastgood rollback approve RUN`, or apply it ' +
      'with --break-glass and a reason.',
    exit: 4,
    status: 403,
    retryable: false,
  },
  LG_ROLLBACK_REJECTED: {
    meaning: 'The second person did not agree to the plan.',
    hint: 'Nothing was changed; talk to who rejected it, then plan anew.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_REJECTION_UNKNOWN: {
    meaning:
      'A run since the plan was made cannot be read; it may be the one that somebody rejected.',
    hint: 'Plan anew, and let the second person look at that plan.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_FROZEN: {
    meaning: 'A freeze window covers the component.',
    hint: 'Wait for its end, or use --break-glass with a reason.',
    exit: 4,
    status: 423,
    retryable: false,
  },
  LG_ROLLBACK_GATE_CLOSED: {
    meaning:
      'An open incident, a run or a red health check covers the component, so nothing may be ' +
      'deployed to it.',
    hint: 'Deploy once the incident is closed, the run has ended and its health checks are green.',
    exit: 4,
    status: 423,
    retryable: true,
  },
  LG_ROLLBACK_IMPOSSIBLE: {
    meaning: 'The target cannot be restored as things are.',
    hint: 'Mend what is named, such as want of room on a disk, or choose another checkpoint.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_NO_TIME: {
    meaning: 'Watching the batches of the plan leaves too little of the confirm deadline.',
    hint:
      'Raise `rollback.confirmTimeout`, make `rollback.batches` fewer or their soak shorter, or ' +
      'plan fewer components with --component.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_COMPARE_ONLY: {
    meaning: 'The checkpoint holds only what can be compared, nothing that can be restored.',
    hint:
      'Read `lastgood checkpoint diff ID` for what changed, and name under `state` what shall be ' +
      'restorable (files, deployment, command); `lastgood init` writes a first configuration.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_ROLLBACK_UNDO_IMPOSSIBLE: {
    meaning: 'This run cannot be undone.',
    hint: 'Only a COMMITTED run whose state has not changed since can be undone.',
    exit: 4,
    status: 409,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
