import { canonicalJson } from '../../../base/canonical-json.ts';
import type { RecordBatchBuilder } from '../../../model/record-batch.ts';
import type { NormalizerContext } from '../../../ports/normalizer.ts';
import { alertAttributes, alertSeverity, type ExternalAlert } from './external-alert.ts';

/** Adds the record of an alert; its component is resolved from what the alert itself names. */
export function addAlert(
  alert: ExternalAlert,
  context: NormalizerContext,
  into: RecordBatchBuilder,
): void {
  const [service] = alert.names;
  const resource = {
    ...(service === undefined ? {} : { 'service.name': service }),
    ...(alert.host === undefined ? {} : { 'host.name': alert.host }),
  };
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
