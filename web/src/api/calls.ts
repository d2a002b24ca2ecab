import type { RouteName } from '../../../src/api/contract.ts';

/** Method and path of a call, such as `POST /plans/{id}/apply`. */
type CallAddress = `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;

/**
 * The calls the pages make. The contract's own table would bring its validator into the browser,
 * half again the size of everything else, so the addresses stand here and a test compares them.
 */
export const CALLS = {
  sessionShow: 'GET /session',
  principalList: 'GET /principals',
  status: 'GET /status',
  sourceList: 'GET /sources',
  componentList: 'GET /components',
  coverageList: 'GET /coverage',
  triggerList: 'GET /triggers',
  timeline: 'GET /timeline',
  timelineDensity: 'GET /timeline/density',
  checkpointList: 'GET /checkpoints',
  checkpointTake: 'POST /checkpoints',
  checkpointShow: 'GET /checkpoints/{id}',
  checkpointExplain: 'GET /checkpoints/{id}/explain',
  checkpointDiff: 'GET /checkpoints/{id}/diff/{other}',
  checkpointPin: 'POST /checkpoints/{id}/pin',
  checkpointUnpin: 'POST /checkpoints/{id}/unpin',
  incidentList: 'GET /incidents',
  incidentShow: 'GET /incidents/{id}',
  incidentAck: 'POST /incidents/{id}/ack',
  incidentClose: 'POST /incidents/{id}/close',
  planCreate: 'POST /plans',
  planShow: 'GET /plans/{id}',
  planApply: 'POST /plans/{id}/apply',
  runList: 'GET /runs',
  runShow: 'GET /runs/{run}',
  runForeign: 'GET /runs/{run}/foreign',
  runApprove: 'POST /runs/{run}/approve',
  runReject: 'POST /runs/{run}/reject',
  runConfirm: 'POST /runs/{run}/confirm',
  runExtend: 'POST /runs/{run}/extend',
  runCancel: 'POST /runs/{run}/cancel',
  runUndo: 'POST /runs/{run}/undo',
  runResume: 'POST /runs/{run}/resume',
  holdSet: 'PUT /hold',
} as const satisfies Partial<Record<RouteName, CallAddress>>;

/** The name of a call the pages make. */
export type CallName = keyof typeof CALLS;
