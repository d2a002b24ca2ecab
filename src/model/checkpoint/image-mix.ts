import { isHalfWay, isOwedRestart, type StateImage, type StateItem } from './capture.ts';
import { sameItem } from './same-item.ts';

/**
 * Whether a state may be a half-done step of ours: every item is exactly as before or exactly as
 * wanted (or absent where one of them has none). Under `anything` an item may have any form: a
 * provider that is not atomic may leave half an item there. An owed restart is half done by itself.
 */
export function isMixOf(
  now: StateImage,
  before: StateImage,
  wanted: StateImage,
  anything: readonly string[],
): boolean {
  const free = new Set(anything);
  const is = itemsOf({ items: now.items.filter((item) => !isOwedRestart(item)) });
  const [was, will] = [itemsOf(before), itemsOf(wanted)];
  return [...new Set([...is.keys(), ...was.keys(), ...will.keys()])].every((path) => {
    const [item, old, next] = [is.get(path), was.get(path), will.get(path)];
    if (free.has(path) || sameItem(item, old) || sameItem(item, next)) return true;
    return isHalfWay(item, old, next);
  });
}

function itemsOf(image: StateImage): ReadonlyMap<string, StateItem> {
  return new Map(image.items.map((item) => [item.path, item]));
}
