/** Who a target is: what was planned for one is never done to another. */
export interface TargetIdentity {
  /** The machine: equal names on two machines are two hosts. */
  readonly host: string;
  readonly bootId: string;
  /** The network namespace it stands in, by its number; a new one has another. */
  readonly network?: string;
}

/**
 * Whom a mutation is meant for. Without `bootId` the target may have been restarted since, and its
 * network namespace been made anew.
 */
export interface ExpectedTarget {
  readonly host: string;
  readonly bootId?: string;
  readonly network?: string;
}

/** Why what was found is not the expected target, in words; undefined when it is. */
export function whyOtherTarget(
  expected: ExpectedTarget,
  found: TargetIdentity,
): string | undefined {
  if (expected.host !== found.host) {
    return `it is meant for ${expected.host}, and this is ${found.host}`;
  }
  if (expected.bootId === undefined) return undefined;
  if (expected.bootId !== found.bootId) return `${found.host} was restarted since`;
  if (expected.network === undefined || expected.network === found.network) return undefined;
  const now = found.network ?? 'none that is told';
  return `${found.host} was in network namespace ${expected.network}, and is in ${now}`;
}
