import { hostname } from 'node:os';
import type { JsonObject } from '../../../base/canonical-json.ts';

/** The resource of records that come from this host itself, by the names of OpenTelemetry. */
export function ownResource(): JsonObject {
  return { 'host.name': hostname() };
}
