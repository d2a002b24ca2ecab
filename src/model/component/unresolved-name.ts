/** A name that records bear and that is no component nor an alias of one, or that many bear. */
export interface UnresolvedName {
  /** '' for records that nothing names. */
  readonly name: string;
  readonly records: number;
  /** When the first and the newest record of it came since the evidence process started. */
  readonly since: string;
  readonly lastAt: string;
  /** Ids of the sources it came by. */
  readonly sources: readonly string[];
  /** The component that it is likely another name of, where something they share says so. */
  readonly proposal?: { readonly component: string; readonly why: string };
  /** The full names or ids of the things that bear it, where they are more than one. */
  readonly mixed?: readonly string[];
  /** What to write into the configuration. */
  readonly mend: string;
}
