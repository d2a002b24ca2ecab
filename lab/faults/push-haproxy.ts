import { join } from 'node:path';
import { deadPort } from './dead-port.ts';
import type { FaultCall, FaultPlan } from './fault.ts';
import { pushFile } from './push-file.ts';

/** HAProxy is told to send the shop's customers where nobody listens. */
export function pushHaproxy(call: FaultCall): Promise<FaultPlan> {
  const file = join(call.stage.folder, 'haproxy', 'etc', 'haproxy.cfg');
  return pushFile(call, {
    part: 'haproxy',
    file,
    breakText: (good) => good.replace(/(\n\s*server \S+ 127\.0\.0\.1:)\d+/, `$1${deadPort}`),
    check: ['haproxy', '-c', '-q', '-f', file],
    reload: 'SIGUSR2',
    what: `HAProxy was pushed a backend on port ${deadPort}, where nobody listens`,
  });
}
