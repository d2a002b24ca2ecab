import { canonicalJson, type Json, type JsonObject } from '../../../base/canonical-json.ts';
import type { Entity, ResolveEntity } from '../../../model/component/entity.ts';
import type { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import type { AddLine, LineOrigin } from '../../../ports/normalizer.ts';
import { lineEvent } from '../message/line-event.ts';
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
  const plain = new PlainOrigin(parts);
  return (line, origin, into) => {
    const fields = jsonLine(line, origin.observedNs, zoneMinutes);
    if (fields !== undefined) addFields(fields, origin, parts, into);
    else plain.add(plainLine(line, origin, zoneMinutes), origin, into);
  };
}

/**
 * Lines that say nothing of their origin share it with the line before: what was made of the same
 * two objects is made once, which halves the cost of a line.
 */
class PlainOrigin {
  readonly #parts: LineParts;
  #resource: JsonObject = {};
  #attributes: JsonObject = {};
  #service: string | undefined;
  #entity: Entity = {};
  #resourceJson = '';
  #attributesJson = '';

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  add(fields: LineFields, origin: LineOrigin, into: RecordBatchBuilder): void {
    const { resource, service, attributes } = origin;
    const isSame = resource === this.#resource && service === this.#service;
    if (!isSame || this.#resourceJson === '') {
      const whole = service === undefined ? resource : { ...resource, 'service.name': service };
      this.#resource = resource;
      this.#service = service;
      this.#entity = this.#parts.resolve(whole);
      this.#resourceJson = canonicalJson(whole);
    }
    if (attributes !== this.#attributes) {
      this.#attributes = attributes;
      this.#attributesJson = Object.keys(attributes).length === 0 ? '' : canonicalJson(attributes);
    }
    const { attributes: own, resource: _resource, ...row } = fields;
    into.add({
      ...row,
      observedNs: origin.observedNs,
      component: origin.component ?? this.#entity.component,
      host: this.#entity.host,
      service: this.#entity.service,
      clock: this.#entity.clock,
      resource: this.#resourceJson,
      source: this.#parts.source,
      attributes: own === NOTHING ? this.#attributesJson : canonicalJson({ ...own, ...attributes }),
      position: origin.position,
    });
  }
}

/** What a line says of itself where it tells no event. */
const NOTHING: JsonObject = {};

function plainLine(line: string, origin: LineOrigin, zoneMinutes: ZoneMinutes): LineFields {
  const time = leadingTime(line, origin.observedNs, zoneMinutes);
  const severity = lineSeverity(line, time?.end ?? 0, time?.letter ?? '');
  const event = time === undefined ? undefined : lineEvent(line, time.end);
  return {
    kind: event === undefined ? 'log' : 'event',
    timeNs: time?.time,
    severity: event?.severity ?? severity?.severity,
    severityText: severity?.text,
    eventName: event?.eventName,
    body: line,
    bodyIsJson: false,
    attributes: event?.attributes ?? NOTHING,
    resource: NOTHING,
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
