import { callJson } from '../../shop/json-call.ts';
import { serviceUrl } from '../../shop/layout.ts';
import { ServiceError } from '../../shop/service-error.ts';
import { numberSetting } from './live-config.ts';
import { runService } from './run-service.ts';

await runService('gateway', ({ layout, settings, telemetry }) => ({
  'POST /orders': async ({ body }) => {
    const timeoutMs = numberSetting(settings(), 'callTimeoutMs');
    const url = `${serviceUrl(layout, 'checkout')}/orders`;
    const answer = await callJson(url, { method: 'POST', body, timeoutMs }).catch(
      (error: unknown) => {
        telemetry.countOrder('unreachable');
        throw new ServiceError(502, error instanceof Error ? error.message : String(error));
      },
    );
    telemetry.countOrder(answer.status === 201 ? 'accepted' : 'refused');
    if (answer.status >= 500) throw new ServiceError(502, `checkout answered ${answer.status}`);
    return answer;
  },
}));
