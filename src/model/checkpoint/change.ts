/** What a step may disturb, from nothing to the worst. */
export const DISRUPTIONS = ['none', 'reload', 'restart', 'reboot', 'data-loss'] as const;

/** One of them. */
export type Disruption = (typeof DISRUPTIONS)[number];

/** What going from one state to another does to one item. */
export interface Change {
  /** `StateSpec.id`. */
  readonly state: string;
  readonly component: string;
  readonly path: string;
  /** Heading of the part of a large state it belongs to; absent where a state has no parts. */
  readonly section?: string;
  /** The whole change in words, where `before` and `after` would say less; no secrets. */
  readonly words?: string;
  readonly op: 'create' | 'update' | 'delete';
  /** One line each for a person; absent for secrets and for binary content. */
  readonly before?: string;
  readonly after?: string;
  /** Unified diff of text content, cut to `CHANGE_TEXT_CHARS`; absent for secrets and binaries. */
  readonly text?: string;
  readonly secret: boolean;
  readonly reversible: 'yes' | 'no' | 'lossy';
  /** What would be lost, in words. */
  readonly loss?: string;
  readonly disruption: Disruption;
}

/** A diff is read by people; beyond this a file is better looked at whole. */
export const CHANGE_TEXT_CHARS = 20_000;
