import { canonicalJson } from '../../base/canonical-json.ts';
import { isHalfWay, isOwedRestart, type StateImage, type StateItem } from './capture.ts';

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
  const [isItems, wasItems, willItems] = [now, before, wanted].map(itemsOf);
  const settled = { items: now.items.filter((item) => !isOwedRestart(item)) };
  const [is, was, will] = [settled, before, wanted].map(textsOf);
  if (is === undefined || was === undefined || will === undefined) return false;
  for (const path of new Set([...is.keys(), ...was.keys(), ...will.keys()])) {
    const text = is.get(path);
    if (free.has(path) || text === was.get(path) || text === will.get(path)) continue;
    if (!isHalfWay(isItems?.get(path), wasItems?.get(path), willItems?.get(path))) return false;
  }
  return true;
}

function itemsOf(image: StateImage): ReadonlyMap<string, StateItem> {
  return new Map(image.items.map((item) => [item.path, item]));
}

function textsOf(image: StateImage): ReadonlyMap<string, string> {
  return new Map(image.items.map((item) => [item.path, textOf(item)]));
}

/** Whether an item is marked as secret is a matter of the configuration, not of the state. */
function textOf({ secret: _secret, ...item }: StateItem): string {
  return canonicalJson(item);
}
