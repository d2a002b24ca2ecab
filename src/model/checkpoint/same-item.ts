import { inKeyOrder, type StateItem } from './capture.ts';

/**
 * Whether two items are the same in every respect that is restored: what it is, whose, and its
 * content, which tells its size. Whether one is marked as secret is a matter of the configuration,
 * not of the state. Where there is neither, both are the same.
 */
export function sameItem(a: StateItem | undefined, b: StateItem | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    sameContent(a, b) &&
    JSON.stringify(inKeyOrder(a.attributes)) === JSON.stringify(inKeyOrder(b.attributes))
  );
}

/** Whether two items have the same content, or both have none. */
export function sameContent(a: StateItem, b: StateItem): boolean {
  const left = a.content ?? [];
  const right = b.content ?? [];
  if (left.length !== right.length || (a.content === undefined) !== (b.content === undefined)) {
    return false;
  }
  return left.every((hash, at) => hash === right[at]);
}
