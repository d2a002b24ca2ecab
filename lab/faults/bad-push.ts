import { LabFailure } from '../stage/lab-failure.ts';
import type { Fault, FaultCall, FaultPlan } from './fault.ts';
import { pushFrr } from './push-frr.ts';
import { pushHaproxy } from './push-haproxy.ts';
import { pushNetconf } from './push-netconf.ts';
import { pushNginx } from './push-nginx.ts';
import { pushNft } from './push-nft.ts';
import { pushRelease } from './push-release.ts';

const pushes: Readonly<Record<string, (call: FaultCall) => Promise<FaultPlan>>> = {
  nft: pushNft,
  frr: pushFrr,
  haproxy: pushHaproxy,
  nginx: pushNginx,
  netconf: pushNetconf,
  release: pushRelease,
};

/** Somebody pushes what passes every check before it and breaks the shop, or a device beside it. */
export const badPush: Fault = {
  name: 'bad-push',
  usage: Object.keys(pushes).join('|'),
  summary: 'a configuration or release that passes every check and breaks the shop',
  options: [],
  plan: (call) => {
    const push = pushes[call.word ?? ''];
    if (push !== undefined) return push(call);
    throw new LabFailure(`bad-push ${call.word ?? ''}: want ${Object.keys(pushes).join(', ')}`);
  },
};
