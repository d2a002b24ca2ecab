import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';
import { readAttributes } from '../../../filetree/compare/tree-item.ts';

/** Path of the item that is the link. */
export const CURRENT = 'current';

/** Path of the release's folder; what is in it lies below, wherever the release itself lies. */
export const RELEASE = 'release';

/** A release's items under names that do not depend on where it lies. */
export function toRelease(items: readonly StateItem[], folder: string): readonly StateItem[] {
  return items.map((item) => ({ ...item, path: RELEASE + item.path.slice(folder.length) }));
}

/** The release's items of an image, as files of `folder`. */
export function fromRelease(image: StateImage, folder: string): StateImage {
  return {
    items: image.items
      .filter(({ path }) => path === RELEASE || path.startsWith(`${RELEASE}/`))
      .map((item) => ({ ...item, path: folder + item.path.slice(RELEASE.length) })),
  };
}

/** The link of an image as a file of the host; empty when nothing is deployed. */
export function linkImage(image: StateImage, current: string): StateImage {
  return {
    items: image.items
      .filter(({ path }) => path === CURRENT)
      .map((item) => ({ ...item, path: current })),
  };
}

/** Where the link of an image leads. */
export function targetOf(image: StateImage): string | undefined {
  const link = image.items.find(({ path }) => path === CURRENT);
  return link === undefined ? undefined : readAttributes(link)?.target;
}
