import type { Result } from '../base/result.ts';

/** What is told to people: short, without secrets. */
export interface Notice {
  readonly kind: 'incident' | 'checkpoint' | 'rollback' | 'health';
  readonly urgency: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly text: string;
  /** A page of our UI. */
  readonly link?: string;
  readonly at: string;
  /** Equal for notices about one matter, an incident's id: receivers may join them. */
  readonly thread?: string;
  /** Equal for repeats of the same notice, so that receivers can drop them. */
  readonly id: string;
}

/** Tells somebody. Called in order; the caller retries what is `retryable`, with backoff. */
export interface Notifier {
  readonly kind: string;
  notify(notice: Notice, signal: AbortSignal): Promise<Result<void>>;
}
