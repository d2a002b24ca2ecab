import type { TriggerAction } from './trigger.ts';

/** A rule or model that fired, or that cleared again. */
export interface Signal {
  readonly id: string;
  readonly phase: 'raised' | 'cleared';
  readonly trigger: string;
  readonly component: string;
  /** When it fired or cleared, RFC 3339. */
  readonly at: string;
  /** Aligned time of the first record that belongs to the trouble, RFC 3339. */
  readonly firstBadAt: string;
  readonly value: number;
  readonly limit: number;
  /** One sentence: what was read, what was seen, against what limit. */
  readonly reason: string;
  readonly actions: readonly TriggerAction[];
}
