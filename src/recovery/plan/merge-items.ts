import { stateImage, type StateImage } from '../../model/checkpoint/capture.ts';

/**
 * The image a state has once a step has brought the items at `paths` to the form they have in
 * `desired`; items absent there are gone. This is what predicts a step's fingerprint.
 */
export function mergeItems(
  now: StateImage,
  desired: StateImage,
  paths: readonly string[],
): StateImage {
  const moved = new Set(paths);
  return stateImage([
    ...now.items.filter(({ path }) => !moved.has(path)),
    ...desired.items.filter(({ path }) => moved.has(path)),
  ]);
}
