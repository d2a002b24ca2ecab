import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { FaultCall, FaultPlan } from './fault.ts';
import { processOf } from './process-of.ts';

/** Nobody listens there in the data center. */
const deadPort = '23999';

/** HAProxy is told to send the shop's customers where nobody listens. */
export async function pushHaproxy(call: FaultCall): Promise<FaultPlan> {
  const { identity } = await processOf({ ...call, option: () => 'haproxy' });
  const file = join(call.stage.folder, 'haproxy', 'etc', 'haproxy.cfg');
  const saved = join(call.stage.partFolder(), 'haproxy.cfg');
  copyFileSync(file, saved);
  const good = readFileSync(file, 'utf8');
  const bad = good.replace(/(\n\s*server \S+ 127\.0\.0\.1:)\d+/, `$1${deadPort}`);
  if (bad === good) throw new LabFailure(`${file} has no server line to break`);
  return {
    what: `HAProxy was pushed a backend on port ${deadPort}, where nobody listens`,
    undo: [
      { kind: 'command', command: ['cp', '--preserve=mode,ownership', saved, file] },
      { kind: 'signal', signal: 'SIGUSR2', identity },
    ],
    make: async () => {
      writeFileSync(file, bad);
      await call.stage.run(['haproxy', '-c', '-q', '-f', file], { namespace: 'dc' });
      process.kill(identity.pid, 'SIGUSR2');
    },
  };
}
