import { canonicalJson } from '../../../base/canonical-json.ts';
import { parseJsonObject } from '../../../base/parse-json.ts';
import type { AlertSeen } from './alert-watch.ts';

/** Attribute names under which alert records carry their state, the first present counts. */
const STATE_NAMES = ['alert.state', 'alert.status', 'state', 'status'] as const;

/** Attribute names of an alert's own identity, the first present counts. */
const IDENTITY_NAMES = ['alert.fingerprint', 'alert.id', 'fingerprint'] as const;

/** Attribute name prefixes whose rest is a label: `alert.label.severity` is `severity`. */
const LABEL_PREFIXES = ['alert.label.', 'alert.labels.', 'labels.'] as const;

/** Attribute names that hold all labels as one object. */
const LABEL_OBJECTS = new Set(['alert.labels', 'labels']);

/** States in which an alert does not hold, not yet or no more, in any system's words and case. */
const QUIET = new Set([
  'resolved',
  'ok',
  'normal',
  'inactive',
  'cleared',
  'recovery',
  'up',
  'pending',
]);

/** Reads the attributes (a JSON object) of an alert record; undefined when they are none. */
export function readAlert(attributes: string): AlertSeen | undefined {
  const read = parseJsonObject(attributes);
  if (read === undefined) return undefined;
  const parsed = new Map<string, unknown>(Object.entries(read));
  const labels = labelsOf(parsed);
  const state = firstText(parsed, STATE_NAMES) ?? 'firing';
  return {
    identity: firstText(parsed, IDENTITY_NAMES) ?? canonicalJson([...labels].toSorted()),
    isFiring: !QUIET.has(state.toLowerCase()),
    labels,
  };
}

function labelsOf(attributes: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const [name, value] of attributes) {
    if (LABEL_OBJECTS.has(name) && typeof value === 'object' && value !== null) {
      for (const [label, inner] of Object.entries(value)) labels.set(label, String(inner));
      continue;
    }
    if (typeof value === 'object') continue;
    const prefix = LABEL_PREFIXES.find((start) => name.startsWith(start));
    if (prefix !== undefined) labels.set(name.slice(prefix.length), String(value));
    if (!isState(name) && !labels.has(name)) labels.set(name, String(value));
  }
  return labels;
}

/** The state changes over an alert's life, so it is no label: labels identify the alert. */
function isState(name: string): boolean {
  return STATE_NAMES.some((state) => state === name);
}

function firstText(
  attributes: ReadonlyMap<string, unknown>,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
