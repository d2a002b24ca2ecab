import { nginxCheck, nginxConfig } from '../parts/nginx.ts';
import { deadPort } from './dead-port.ts';
import type { FaultCall, FaultPlan } from './fault.ts';
import { pushFile } from './push-file.ts';

/** nginx is told to pass the shop's customers on to where nobody listens. */
export function pushNginx(call: FaultCall): Promise<FaultPlan> {
  return pushFile(call, {
    part: 'nginx',
    file: nginxConfig(call.stage),
    breakText: (good) => good.replace(/(proxy_pass http:\/\/[\d.]+:)\d+/, `$1${deadPort}`),
    check: nginxCheck(call.stage),
    reload: 'SIGHUP',
    what: `nginx was pushed an upstream on port ${deadPort}, where nobody listens`,
  });
}
