/** Throws when a broken invariant is found. Not for user errors: those are `Result`s. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`broken invariant: ${sentence}`);
}

/** Ends every `switch` on a union, so that a new variant fails to compile until it is treated. */
export function assertUnreachable(value: never): never {
  throw new Error(`broken invariant: unexpected variant ${JSON.stringify(value)}`);
}
