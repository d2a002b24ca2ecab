import type { StateImage } from '../../model/checkpoint/capture.ts';

/** The files of an image: their paths begin with a slash, and those of nothing else do. */
export function filesOf({ items }: StateImage): StateImage {
  return { items: items.filter(({ path }) => path.startsWith('/')) };
}
