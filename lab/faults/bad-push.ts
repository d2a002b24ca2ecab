import { LabFailure } from '../stage/lab-failure.ts';
import type { Fault, FaultCall, FaultPlan } from './fault.ts';
import { pushFrr } from './push-frr.ts';
import { pushHaproxy } from './push-haproxy.ts';
import { pushNft } from './push-nft.ts';

const pushes: Readonly<Record<string, (call: FaultCall) => Promise<FaultPlan>>> = {
  nft: pushNft,
  frr: pushFrr,
  haproxy: pushHaproxy,
};

/** Somebody pushes a configuration that passes every syntax check and breaks the shop. */
export const badPush: Fault = {
  name: 'bad-push',
  usage: Object.keys(pushes).join('|'),
  summary: 'a configuration that passes every syntax check and breaks the shop',
  options: [],
  plan: (call) => {
    const push = pushes[call.word ?? ''];
    if (push !== undefined) return push(call);
    throw new LabFailure(`bad-push ${call.word ?? ''}: want ${Object.keys(pushes).join(', ')}`);
  },
};
