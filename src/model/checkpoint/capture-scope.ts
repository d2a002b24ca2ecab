import { canonicalJson, type Json, type JsonObject } from '../../base/canonical-json.ts';
import type { StateSpec } from '../component/component.ts';

/**
 * The settings of a provider that say what belongs to its state; all others only say how it is
 * reached. Lists are compared as texts: two ways to write one thing are two things.
 */
export interface ScopeKeys {
  /** One entry more, or set rather than absent or false, and more belongs to the state. */
  readonly more?: readonly string[];
  /** As `more`; absent: everything does. */
  readonly allIfAbsent?: readonly string[];
  /** One entry more, and less belongs to it. */
  readonly less?: readonly string[];
  /** Another value, and it is another state. */
  readonly same?: readonly string[];
}

/** What belonged to a state when it was captured: the scope settings as they were parsed. */
export function scopeOf(spec: unknown, keys: ScopeKeys): JsonObject {
  const settings = settingsOf(spec);
  const named = namesOf(keys).flatMap((key) => {
    const value = settings[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** How the scope of today stands to another one; `what` names what only one of both has. */
export interface ScopeChange {
  readonly kind: 'same' | 'wider' | 'other';
  readonly what: readonly string[];
}

/** `wider`: today's holds all of the other and more; `other`: it lacks something of it. */
export function compareScope(then: JsonObject, now: JsonObject, keys: ScopeKeys): ScopeChange {
  const gained: string[] = [];
  const lacking: string[] = [];
  const compare = (key: string, from: readonly string[], to: readonly string[]): void => {
    const isAll = to.includes(ALL);
    gained.push(...to.filter((one) => !from.includes(one)).map((one) => `${key} ${one}`));
    if (isAll) return;
    lacking.push(...from.filter((one) => !to.includes(one)).map((one) => `${key} ${one}`));
  };
  for (const key of keys.more ?? []) compare(key, entriesOf(then[key]), entriesOf(now[key]));
  for (const key of keys.allIfAbsent ?? []) {
    compare(key, entriesOf(then[key] ?? [ALL]), entriesOf(now[key] ?? [ALL]));
  }
  for (const key of keys.less ?? []) compare(key, entriesOf(now[key]), entriesOf(then[key]));
  for (const key of keys.same ?? []) {
    const text = canonicalJson(now[key] ?? null);
    if (canonicalJson(then[key] ?? null) !== text) lacking.push(`${key} ${text}`);
  }
  if (lacking.length > 0) return { kind: 'other', what: lacking };
  return { kind: gained.length > 0 ? 'wider' : 'same', what: gained };
}

/** A state by today's settings, but for what belongs to it: that is as it was captured. */
export function underScope(state: StateSpec, then: JsonObject, keys: ScopeKeys): StateSpec {
  const scope = new Set(namesOf(keys));
  const how = Object.entries(settingsOf(state.spec)).filter(([key]) => !scope.has(key));
  return { ...state, spec: { ...Object.fromEntries(how), ...then } };
}

/** Whether one is the other word for word, or less of it and else the same. */
export function sameOrLess(one: StateSpec, whole: StateSpec, keys: ScopeKeys): boolean {
  if (formOf(one) === formOf(whole)) return true;
  const [then, now] = [scopeOf(one.spec, keys), scopeOf(whole.spec, keys)];
  if (compareScope(then, now, keys).kind !== 'wider') return false;
  return formOf(underScope(whole, then, keys)) === formOf(one);
}

/** As it looks after a journal or the bus, so that both sides compare the same text. */
function formOf({ id, component, provider, spec, writers, quiesce }: StateSpec): string {
  const form = { id, component, provider, spec, writers, quiesce };
  const sent: Json = JSON.parse(JSON.stringify(form));
  return canonicalJson(sent);
}

/** A pattern that everything fits. */
const ALL = '*';

function namesOf({ more = [], allIfAbsent = [], less = [], same = [] }: ScopeKeys) {
  return [...more, ...allIfAbsent, ...less, ...same];
}

function settingsOf(spec: unknown): Readonly<Record<string, Json>> {
  return typeof spec === 'object' && spec !== null ? Object.fromEntries(Object.entries(spec)) : {};
}

function entriesOf(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null || value === false) return [];
  if (!Array.isArray(value)) return [typeof value === 'string' ? value : canonicalJson(value)];
  return value.map((one) => (typeof one === 'string' ? one : canonicalJson(one)));
}
