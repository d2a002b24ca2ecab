import type { CheckpointStatus } from '../../model/checkpoint/checkpoint.ts';
import type { IncidentState } from '../../model/incident/incident.ts';
import type { RunState } from '../../model/run/run.ts';
import type { Signal } from '../../model/incident/signal.ts';

/**
 * What `GET stream` tells as server-sent events: `event` is the kind, `data` this as JSON. Events
 * say what changed and are no record of it; who missed some asks for the object again.
 */
export type StreamEvent =
  | {
      readonly kind: 'incident';
      readonly at: string;
      readonly id: string;
      readonly state: IncidentState;
    }
  | {
      readonly kind: 'checkpoint';
      readonly at: string;
      readonly id: string;
      readonly status: CheckpointStatus;
    }
  | { readonly kind: 'run'; readonly at: string; readonly id: string; readonly state: RunState }
  | { readonly kind: 'signal'; readonly at: string; readonly signal: Signal }
  | { readonly kind: 'hold'; readonly at: string; readonly on: boolean }
  | { readonly kind: 'status'; readonly at: string; readonly health: string }
  /** Something new on the timeline; at most a few a second. */
  | { readonly kind: 'timeline'; readonly at: string; readonly records: number }
  /** Events were dropped because this listener is too slow: ask for everything again. */
  | { readonly kind: 'gap'; readonly at: string; readonly missed: number };
