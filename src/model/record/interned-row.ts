/**
 * One record with its texts interned and its 64-bit numbers as halves: what hot decoders fill and
 * hand over again and again, because a bigint per number costs more than the number's decoding.
 */
export interface InternedRow {
  /** Index into `RECORD_KINDS`. */
  kind: number;
  severity: number;
  /** `ABSENT_NS` is high 0x80000000 and low 0. */
  timeHigh: number;
  timeLow: number;
  durationHigh: number;
  durationLow: number;
  component: number;
  host: number;
  service: number;
  severityText: number;
  eventName: number;
  resource: number;
  source: number;
  clock: number;
  /** Trace id as four 32-bit words, the most significant first. */
  trace0: number;
  trace1: number;
  trace2: number;
  trace3: number;
  spanHigh: number;
  spanLow: number;
  parentHigh: number;
  parentLow: number;
  body: string;
  bodyIsJson: number;
  attributes: string;
  position: string;
  uid: string;
}

/** The high half of `ABSENT_NS`; its low half is 0. */
export const ABSENT_HIGH = 0x80000000;

/** An interned row in which everything is absent. */
export function emptyRow(): InternedRow {
  return {
    kind: 0,
    severity: 0,
    timeHigh: ABSENT_HIGH,
    timeLow: 0,
    durationHigh: ABSENT_HIGH,
    durationLow: 0,
    component: 0,
    host: 0,
    service: 0,
    severityText: 0,
    eventName: 0,
    resource: 0,
    source: 0,
    clock: 0,
    trace0: 0,
    trace1: 0,
    trace2: 0,
    trace3: 0,
    spanHigh: 0,
    spanLow: 0,
    parentHigh: 0,
    parentLow: 0,
    body: '',
    bodyIsJson: 0,
    attributes: '',
    position: '',
    uid: '',
  };
}
