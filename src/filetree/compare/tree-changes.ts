import { isOwedRestart, type StateImage, type StateItem } from '../../model/checkpoint/capture.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { sameContent, sameItem } from '../../model/checkpoint/same-item.ts';
import { readAttributes } from './tree-item.ts';

/** One item that differs between two images. */
export interface ItemPair {
  readonly path: string;
  readonly from?: StateItem;
  readonly to?: StateItem;
}

/** The items that differ, in path order: both images are sorted, so one pass finds them. */
export function differingItems(from: StateImage, to: StateImage): readonly ItemPair[] {
  const pairs: ItemPair[] = [];
  let a = 0;
  let b = 0;
  while (a < from.items.length || b < to.items.length) {
    const left = from.items[a];
    const right = to.items[b];
    if (right === undefined || (left !== undefined && left.path < right.path)) {
      if (left !== undefined) pairs.push({ path: left.path, from: left });
      a += 1;
    } else if (left === undefined || right.path < left.path) {
      pairs.push({ path: right.path, to: right });
      b += 1;
    } else {
      if (!sameItem(left, right)) pairs.push({ path: left.path, from: left, to: right });
      a += 1;
      b += 1;
    }
  }
  return pairs;
}

/** The changes of a file tree; text differences are added where the contents can be read. */
export function treeChanges(
  state: StateSpec,
  from: StateImage,
  to: StateImage,
  disruption: Change['disruption'],
): readonly Change[] {
  return differingItems(from, to).map((pair) => treeChange(state, pair, disruption));
}

/** The change of one differing item. */
export function treeChange(
  state: StateSpec,
  pair: ItemPair,
  disruption: Change['disruption'],
): Change {
  const { path, from, to } = pair;
  const lost = to !== undefined && readAttributes(to)?.unreadable === true;
  return {
    state: state.id,
    component: state.component,
    path,
    op: from === undefined ? 'create' : to === undefined ? 'delete' : 'update',
    ...(from === undefined ? {} : { before: describeItem(from, to) }),
    ...(to === undefined ? {} : { after: describeItem(to, from) }),
    secret: from?.secret === true || to?.secret === true,
    reversible: lost ? 'no' : 'yes',
    ...(lost ? { loss: 'it could not be read when it was captured' } : {}),
    disruption,
  };
}

/** One line about an item; against another one, only what sets them apart. */
export function describeItem(item: StateItem, other?: StateItem): string {
  if (isOwedRestart(item)) return 'a restart is owed';
  const own = readAttributes(item);
  const others = other === undefined ? undefined : readAttributes(other);
  if (own === undefined) return 'an item of another kind';
  const words: string[] = [];
  if (own.type !== others?.type) words.push(own.type);
  if (own.type === 'link' && own.target !== others?.target) words.push(`-> ${own.target}`);
  if (own.mode !== undefined && own.mode !== others?.mode) words.push(`mode ${own.mode}`);
  if (own.uid !== others?.uid || own.gid !== others?.gid) {
    words.push(`owner ${own.uid}:${own.gid}`);
  }
  if (JSON.stringify(own.xattrs) !== JSON.stringify(others?.xattrs)) {
    words.push(`extended attributes ${Object.keys(own.xattrs ?? {}).join(', ') || 'none'}`);
  }
  if (own.unreadable) words.push('content unreadable');
  else if (own.type === 'file' && !(other !== undefined && sameContent(item, other))) {
    words.push(item.secret === true ? 'secret content' : contentWords(item));
  }
  return words.join(', ') || own.type;
}

function contentWords(item: StateItem): string {
  const digest = item.content?.[0]?.slice(0, 8);
  return `${item.size ?? 0} bytes${digest === undefined ? '' : ` (${digest})`}`;
}
