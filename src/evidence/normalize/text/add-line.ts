import { canonicalJson, type Json, type JsonObject } from '../../../base/canonical-json.ts';
import type { ResolveEntity } from '../../../model/entity.ts';
import type { RecordBatchBuilder } from '../../../model/record-batch.ts';
import type { AddLine, LineOrigin } from '../../../ports/normalizer.ts';
import type { ZoneMinutes } from './civil-time.ts';
import { jsonLine } from './json-line.ts';
import { leadingTime } from './leading-time.ts';
import type { LineFields } from './line-fields.ts';
import { lineSeverity } from './line-severity.ts';

/** What lines need to know of the world. */
export interface LineParts {
  readonly source: string;
  readonly resolve: ResolveEntity;
  /** The zone of stamps without one; UTC when absent. */
  readonly zoneMinutes?: ZoneMinutes;
}

/**
 * Makes the function that turns a line of a text log into a record: JSON lines by their members,
 * other lines as they stand with the time and severity they start with.
 */
export function createLineNormalizer(parts: LineParts): AddLine {
  const zoneMinutes = parts.zoneMinutes ?? ((): number => 0);
  return (line, origin, into) => {
    const fields =
      jsonLine(line, origin.observedNs, zoneMinutes) ?? plainLine(line, origin, zoneMinutes);
    addFields(fields, origin, parts, into);
  };
}

function plainLine(line: string, origin: LineOrigin, zoneMinutes: ZoneMinutes): LineFields {
  const time = leadingTime(line, origin.observedNs, zoneMinutes);
  const severity = lineSeverity(line, time?.end ?? 0, time?.letter ?? '');
  return {
    kind: 'log',
    timeNs: time?.time,
    severity: severity?.severity,
    severityText: severity?.text,
    body: line,
    bodyIsJson: false,
    attributes: {},
    resource: {},
  };
}

/** Joins what a line says with where it stood and adds the row. */
export function addFields(
  fields: LineFields,
  origin: LineOrigin,
  parts: LineParts,
  into: RecordBatchBuilder,
): void {
  const resource: Record<string, Json> = { ...origin.resource, ...fields.resource };
  if (origin.service !== undefined) resource['service.name'] = origin.service;
  const entity = parts.resolve(resource);
  const attributes: JsonObject = { ...fields.attributes, ...origin.attributes };
  const uid = attributes['log.record.uid'];
  const { attributes: _attributes, resource: _resource, ...row } = fields;
  into.add({
    ...row,
    observedNs: origin.observedNs,
    component: origin.component ?? entity.component,
    host: entity.host,
    service: entity.service,
    clock: entity.clock,
    resource: canonicalJson(resource),
    source: parts.source,
    attributes: Object.keys(attributes).length === 0 ? '' : canonicalJson(attributes),
    position: origin.position,
    uid: typeof uid === 'string' ? uid : undefined,
  });
}
