import { shopctl } from '../parts/services.ts';
import type { FaultCall, FaultPlan } from './fault.ts';
import { requirePart } from './require-part.ts';

/** Stopping the old payment and starting the new one on a busy machine. */
const deployTimeoutMs = 30_000;

/** Payment is deployed in a release that refuses amounts with cents. */
export async function pushRelease(call: FaultCall): Promise<FaultPlan> {
  requirePart(call, 'services');
  const { stage } = call;
  return {
    what: 'payment was deployed in release 2.0.0, which refuses amounts with cents',
    undo: [{ kind: 'command', command: shopctl(stage, 'deploy', 'payment', 'v1') }],
    make: async () => {
      const command = shopctl(stage, 'deploy', 'payment', 'v2');
      await stage.run(command, { timeoutMs: deployTimeoutMs });
    },
  };
}
