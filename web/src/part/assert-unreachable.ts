/** Ends a `switch` over a union: a new variant fails to compile here. */
export function assertUnreachable(value: never): never {
  throw new Error(`broken invariant: ${JSON.stringify(value)} is none of the known kinds`);
}
