/** Who a target is: what was planned for one is never done to another. */
export interface TargetIdentity {
  /** The machine: equal names on two machines are two hosts. */
  readonly host: string;
  readonly bootId: string;
}

/** Whom a mutation is meant for; without `bootId` the target may have been restarted since. */
export interface ExpectedTarget {
  readonly host: string;
  readonly bootId?: string;
}

/** Why what was found is not the expected target, in words; undefined when it is. */
export function whyOtherTarget(
  expected: ExpectedTarget,
  found: TargetIdentity,
): string | undefined {
  if (expected.host !== found.host) {
    return `it is meant for ${expected.host}, and this is ${found.host}`;
  }
  if (expected.bootId === undefined || expected.bootId === found.bootId) return undefined;
  return `${found.host} was restarted since`;
}
