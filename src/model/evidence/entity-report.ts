/** A name that records bore since the evidence process started. */
export interface NameSeen {
  /** '' for records that nothing names. */
  readonly name: string;
  /** It is what a program calls itself; else a host, device or pod is called so. */
  readonly isService: boolean;
  readonly records: number;
  /** When the first and the newest record came, by our own clock. */
  readonly since: string;
  readonly lastAt: string;
  /** Ids of sources. */
  readonly sources: readonly string[];
  /** The hosts it ran on. */
  readonly hosts: readonly string[];
  /** What tells one instance or machine from another: `host.ip=10.0.0.7`. */
  readonly identities: readonly string[];
}

/** How a dependency was noticed: by calls, by where a program runs, by next hops, by packets. */
export const DEPENDENCY_ORIGINS = ['spans', 'placement', 'routes', 'packets'] as const;

/** One of `DEPENDENCY_ORIGINS`. */
export type DependencyOrigin = (typeof DEPENDENCY_ORIGINS)[number];

/** That one component needs another, as records showed it. */
export interface DependencySeen {
  readonly from: string;
  readonly to: string;
  readonly origin: DependencyOrigin;
  readonly count: number;
  readonly since: string;
  readonly lastAt: string;
}

/** Who sends, and who needs whom, as far as records tell. */
export interface EntityReport {
  /** Counted from then on: a restart of the evidence process begins anew. */
  readonly since: string;
  readonly names: readonly NameSeen[];
  readonly dependencies: readonly DependencySeen[];
  /** Names and dependencies that found no room. */
  readonly dropped: number;
}
