import * as fs from 'node:fs/promises';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { toNodePath } from '../../filetree/anchored-folder.ts';
import { readAttributes } from '../../filetree/compare/tree-item.ts';
import {
  fingerprintOf,
  isOwedRestart,
  type StateImage,
  type StateItem,
} from '../../model/checkpoint/capture.ts';
import type { ProviderIo } from '../../ports/provider.ts';
import { LOAD_MS_EXACT, type RunningProgram } from './running-program.ts';

/** Path of the item that says what the program works with. */
export const RUNNING = 'running';

/** What a program works with: the files as they are, files that were others, or nothing at all. */
export type Running = 'with these files' | 'with older files' | 'stopped';

/** That word as a state item. */
export function runningItem(state: Running): StateItem {
  return { path: RUNNING, attributes: { state, type: 'program' } };
}

/** The word of an image, if it has one. */
export function runningOf(image: StateImage): Running | undefined {
  const item = image.items.find(({ path }) => path === RUNNING);
  const word = item?.attributes['state'];
  const isKnown = word === 'with these files' || word === 'with older files' || word === 'stopped';
  return item?.attributes['type'] === 'program' && isKnown ? word : undefined;
}

/** What of an image is set in the running program. */
export function settingsOf(image: StateImage): StateImage {
  const isSetting = (item: StateItem): boolean =>
    !item.path.startsWith('/') && item.path !== RUNNING && !isOwedRestart(item);
  return { items: image.items.filter(isSetting) };
}

/** An image of a program that was just started: nobody set anything in it. */
export function withoutSettings(image: StateImage): StateImage {
  const settings = new Set(settingsOf(image).items);
  return {
    items: image.items.map((item) =>
      settings.has(item) ? { path: item.path, attributes: {} } : item,
    ),
  };
}

/** Names the memory of what a load had before it. */
const MEMORY = 'loaded';

/**
 * Judges whether a program works with these files. What a load found is remembered, so that later
 * looks compare contents. A load that nobody saw is judged by time: files that did not change since
 * are what it found. A removed file leaves no time behind and is missed by that, as is a worker
 * that died and was replaced after a change.
 */
export async function judgeRunning(
  program: RunningProgram | undefined,
  files: StateImage,
  io: Pick<ProviderIo, 'cache'>,
): Promise<Running> {
  if (program === undefined) return 'stopped';
  const { load, loadedMs } = program;
  const tree = fingerprintOf(files);
  const known = io.cache.get(MEMORY);
  const [knownLoad, knownTree] = known === undefined ? [] : fromUtf8(known).split('\n');
  if (knownLoad === load) return knownTree === tree ? 'with these files' : 'with older files';
  if ((await newestChangeMs(files)) > loadedMs + LOAD_MS_EXACT) return 'with older files';
  io.cache.put(MEMORY, utf8(`${load}\n${tree}`));
  return 'with these files';
}

/** When the newest file was changed, in milliseconds. Folders change by every editor's look. */
async function newestChangeMs(files: StateImage): Promise<number> {
  let newest = 0;
  for (const item of files.items) {
    if (readAttributes(item)?.type === 'folder') continue;
    const stat = await fs.lstat(toNodePath(item.path)).catch(() => undefined);
    // A time to come was written by a clock that was set back since, and says nothing.
    if (stat !== undefined && stat.ctimeMs <= Date.now()) newest = Math.max(newest, stat.ctimeMs);
  }
  return newest;
}
