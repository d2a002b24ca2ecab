import { canonicalJson } from '../../../base/canonical-json.ts';
import type { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import type { NormalizerContext } from '../../../ports/normalizer.ts';
import {
  alertAttributes,
  alertResource,
  alertSeverity,
  type ExternalAlert,
} from './external-alert.ts';

/** Adds the record of an alert; there is no inventory here, so what it names itself counts. */
export function addAlert(
  alert: ExternalAlert,
  context: NormalizerContext,
  into: RecordBatchBuilder,
): void {
  const resource = alertResource(alert, () => false);
  const attributes = alertAttributes(alert);
  const uid = attributes['log.record.uid'];
  into.add({
    kind: 'alert',
    source: context.source,
    ...context.resolve(resource),
    // The stamps are of the system that alerts, not of what it alerts about.
    clock: `service:${alert.system}`,
    timeNs: alert.changedNs,
    observedNs: context.observedNs(),
    severity: alertSeverity(alert),
    body: alert.text,
    resource: canonicalJson(resource),
    attributes: canonicalJson(attributes),
    ...(typeof uid === 'string' ? { uid } : {}),
  });
}
