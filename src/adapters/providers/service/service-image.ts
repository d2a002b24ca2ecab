import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';

/** Path of the item that says whether the service runs. */
export const RUNNING = 'running';

/** Path of the item that says whether it starts with the host; units have it. */
export const ENABLED = 'enabled';

/** Whether a service runs. One that failed or crashes over and over is not running. */
export type Running = 'running' | 'stopped';

/** One word about the service as a state item. */
export function wordItem(path: typeof RUNNING | typeof ENABLED, word: string): StateItem {
  return { path, attributes: { state: word, type: 'service' } };
}

/** The word at a path, if the image has one. */
export function wordAt(image: StateImage, path: string): string | undefined {
  const item = image.items.find((one) => one.path === path);
  const word = item?.attributes['state'];
  return item?.attributes['type'] === 'service' && typeof word === 'string' ? word : undefined;
}
