import type { ClockPair } from './clock-pair.ts';

/** What was counted of something in one window. */
export interface SpanCounts {
  readonly calls: number;
  readonly errors: number;
  /** Calls slower than the 95th percentile of the time before. */
  readonly slow: number;
  /** Sum of the durations (own time, without calls made), milliseconds. */
  readonly totalMs: number;
}

/** One operation (span name) of a component, in the window before and in the incident's. */
export interface OperationEvidence {
  readonly component: string;
  readonly operation: string;
  /** Requests from outside come in here (server and consumer spans, and roots). */
  readonly isEntry: boolean;
  readonly before: SpanCounts;
  readonly during: SpanCounts;
  /** First failure within the incident, RFC 3339. */
  readonly firstErrorAt?: string;
}

/** Calls from one component to another, in both windows. */
export interface CallCounts {
  /** As the caller saw them. */
  readonly calls: number;
  readonly errors: number;
  /** Errors that say nobody listens there: refused, no route, no such host. */
  readonly refused: number;
  /** As the callee saw them: less when calls do not arrive. */
  readonly served: number;
  readonly servedErrors: number;
}

/** A call edge that was seen. */
export interface EdgeEvidence {
  readonly from: string;
  readonly to: string;
  readonly before: CallCounts;
  readonly during: CallCounts;
  readonly firstErrorAt?: string;
  /** About when it failed last; absent where nobody knows. */
  readonly lastErrorAt?: string;
}

/** One kind of error message of a component: severity ERROR or above. */
export interface LogEvidence {
  readonly component: string;
  /** Exception type and the first words, with everything that varies written `<*>`. */
  readonly key: string;
  /** One such message, cut. */
  readonly sample: string;
  readonly before: number;
  readonly during: number;
  readonly firstAt?: string;
}

/** Connections that nobody took, as told by the caller's logs. */
export interface RefusalEvidence {
  readonly component: string;
  /** A component's name where known, else `host:port` as written. */
  readonly target: string;
  readonly count: number;
  readonly firstAt?: string;
  /** About when it was refused last; absent where nobody knows. */
  readonly lastAt?: string;
}

/** Whether a component spoke at all. */
export interface PresenceEvidence {
  readonly component: string;
  readonly recordsBefore: number;
  readonly recordsDuring: number;
  /** Share 0..1 of the time slices before, since it was first seen, in which it spoke. */
  readonly activeBefore: number;
  /** Time slices at the end of the incident window in which it was silent, milliseconds. */
  readonly silentMs: number;
  readonly lastSeenAt: string;
}

/** An event that may be a cause: a deployment, a changed configuration, a crashed process. */
export interface EventEvidence {
  readonly component: string;
  readonly eventName: string;
  readonly at: string;
  readonly text: string;
}

/** The clock that stamps what a component tells, and how far that was wrong in a window. */
export interface StampingClock {
  readonly component: string;
  /** Its id; empty when several stamp it, as of replicas on several machines. */
  readonly id: string;
  /** The most that it was off by, corrected or not, nanoseconds; absent: nothing bounds it. */
  readonly boundNs?: number;
  /** As in `ClockPiece`; `none` where nothing is known. */
  readonly method: string;
}

/**
 * What the streaming counters know about an incident: everything that went by in its window and
 * in the time before, per component. Plain JSON: it crosses from the evidence process to the core.
 */
export interface EvidenceSummary {
  readonly from: string;
  readonly to: string;
  readonly baselineFrom: string;
  readonly presence: readonly PresenceEvidence[];
  readonly operations: readonly OperationEvidence[];
  readonly edges: readonly EdgeEvidence[];
  readonly logs: readonly LogEvidence[];
  readonly refusals: readonly RefusalEvidence[];
  readonly events: readonly EventEvidence[];
  /** Of who is not listed the times are taken to be by our own clock. */
  readonly clocks: readonly StampingClock[];
  /** Clocks of others that know each other better than ours knows them. */
  readonly clockPairs: readonly ClockPair[];
  /** Counters that found no room, if any: the summary is then incomplete. */
  readonly dropped: number;
}

/** A summary of nothing, for incidents without evidence. */
export function emptyEvidence(from: string, to: string): EvidenceSummary {
  return {
    from,
    to,
    baselineFrom: from,
    presence: [],
    operations: [],
    edges: [],
    logs: [],
    refusals: [],
    events: [],
    clocks: [],
    clockPairs: [],
    dropped: 0,
  };
}
