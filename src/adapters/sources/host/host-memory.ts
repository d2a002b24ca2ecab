import { canonicalJson } from '../../../base/canonical-json.ts';
import { parseJson } from '../../../base/parse-json.ts';
import type { InterfaceState } from '../../../model/component/interface-change.ts';
import { CALM, LEVELS, type Level, type WatchState } from './threshold-watch.ts';

/** What the source remembers between samples; its essence is stored with each batch. */
export interface HostMemory {
  readonly bootId: string | undefined;
  /** undefined: nothing is known yet, so what is seen first is no change. */
  readonly links: ReadonlyMap<string, InterfaceState> | undefined;
  /** By the key of the value. */
  readonly watches: ReadonlyMap<string, WatchState>;
}

/** Before the very first sample. */
export const NO_MEMORY: HostMemory = { bootId: undefined, links: undefined, watches: new Map() };

/** Interfaces and thresholds remembered at most; a longer text was not written by us. */
const ENTRIES_MAX = 1_000;

/** As the position of the source. How long a threshold was exceeded so far is forgotten. */
export function encodeMemory({ bootId, links, watches }: HostMemory): string {
  return canonicalJson({
    version: 1,
    bootId: bootId ?? null,
    links: links === undefined ? null : [...links.values()],
    levels: [...watches]
      .filter(([, { level }]) => level !== 'normal')
      .map(([key, { level }]) => [key, level]),
  });
}

/** The memory of a position; none for another version and for what is no position of ours. */
export function decodeMemory(text: string | undefined): HostMemory {
  const value = text === undefined ? undefined : parseJson(text);
  if (member(value, 'version') !== 1) return NO_MEMORY;
  const bootId = member(value, 'bootId');
  const links = member(value, 'links');
  const levels = member(value, 'levels');
  return {
    bootId: typeof bootId === 'string' ? bootId : undefined,
    links: Array.isArray(links)
      ? new Map(
          listed(links)
            .flatMap(linkOf)
            .map((link) => [link.name, link]),
        )
      : undefined,
    watches: new Map(listed(levels).flatMap(watchOf)),
  };
}

function linkOf(value: unknown): readonly InterfaceState[] {
  const [name, index] = [member(value, 'name'), member(value, 'index')];
  const [oper, admin] = [member(value, 'oper'), member(value, 'admin')];
  if (typeof name !== 'string' || typeof index !== 'number' || typeof oper !== 'string') return [];
  return admin === 'up' || admin === 'down' ? [{ name, index, oper, admin }] : [];
}

function watchOf(value: unknown): readonly (readonly [string, WatchState])[] {
  const [key, level] = listed(value);
  const known: Level | undefined = LEVELS.find((candidate) => candidate === level);
  return typeof key === 'string' && known !== undefined ? [[key, { ...CALM, level: known }]] : [];
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, ENTRIES_MAX) : [];
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
