import type { JsonObject } from '../../../base/canonical-json.ts';
import type { RecordKind } from '../../../model/record/timeline-record.ts';

/** What a line says, before it is joined with where it stood. */
export interface LineFields {
  readonly kind: RecordKind;
  readonly timeNs?: bigint | undefined;
  readonly severity?: number | undefined;
  readonly severityText?: string | undefined;
  readonly eventName?: string | undefined;
  readonly traceHigh?: bigint | undefined;
  readonly traceLow?: bigint | undefined;
  readonly span?: bigint | undefined;
  readonly body?: string | undefined;
  readonly bodyIsJson: boolean;
  readonly attributes: JsonObject;
  /** What the line says of its origin: service, host. */
  readonly resource: JsonObject;
}
