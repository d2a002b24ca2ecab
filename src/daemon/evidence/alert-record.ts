import { toRfc3339 } from '../../base/time.ts';
import {
  alertAttributes,
  alertResource,
  alertSeverity,
  type ExternalAlert,
} from '../../evidence/normalize/alert/external-alert.ts';
import type { HookRecord } from './hook-record.ts';

/** The record of an alert that came by the API: what `normalize` makes of it, and our inventory. */
export function alertRecord(
  alert: ExternalAlert,
  isKnown: (component: string) => boolean,
): HookRecord {
  const { changedNs } = alert;
  return {
    kind: 'alert',
    source: alert.system,
    severity: alertSeverity(alert),
    resource: alertResource(alert, isKnown),
    body: alert.text,
    attributes: alertAttributes(alert),
    ...(changedNs === undefined ? {} : { time: toRfc3339(changedNs) }),
  };
}
