import type { Json } from '../base/canonical-json.ts';
import type { Result } from '../base/result.ts';

/** Takes a registration back; idempotent. */
export type Stop = () => void;

/**
 * Carries messages between core, evidence and hosts. Payloads are JSON and are really encoded and
 * decoded by every bus, so that nothing relies on shared memory. Subjects are dotted words
 * (`host.web1.provider`), as NATS writes them.
 */
export interface Bus {
  /**
   * Asks the one server of a subject. Fails with LG_RUNTIME_DEADLINE after `deadlineMs`, with
   * LG_RUNTIME_EVIDENCE_DOWN or the server's own error otherwise. Not retried by the bus: whether
   * asking again is safe is the caller's knowledge.
   */
  request(subject: string, payload: Json, deadlineMs: number): Promise<Result<Json>>;
  /** Answers requests of a subject; one server a subject. A throw becomes LG_RUNTIME_BUG. */
  serve(subject: string, answer: (payload: Json) => Promise<Result<Json>>): Stop;
  /** Tells all subscribers, at most once, in order per publisher. */
  publish(subject: string, payload: Json): void;
  /** Hears what is published on a subject. */
  subscribe(subject: string, hear: (payload: Json) => void): Stop;
}
