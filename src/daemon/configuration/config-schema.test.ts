import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { ADAPTER_SCHEMAS, SOURCE_SCHEMAS, STATE_SCHEMAS } from '../../adapters/registry.ts';
import { loadConfig } from '../../config/load.ts';
import { publishedSchema } from './config-schema.ts';

const SAMPLE = `
version: 1
listen: { ui: "127.0.0.1:7433", otlpGrpc: false }
sources: [ { name: app-logs, kind: file, paths: [/srv/shop/app.log] } ]
components:
  - name: checkout
    kind: application
    dependsOn: [payment]
    requires: { logs: [application], events: [deployment.completed] }
    state:
      - { provider: files, paths: [/srv/shop/etc] }
      - { provider: deployment, current: /srv/shop/current, restart: [systemctl, restart, shop] }
    health: [ { http: "http://127.0.0.1:8080/healthz", expect: 200 } ]
  - name: payment
triggers:
  - name: errors
    signal: log-rate
    component: checkout
    minSeverity: 17
    window: 10s
    above: 2
    for: 0s
    then: [checkpoint, incident, notify]
checkpoints: { schedule: 15m, soak: 30m, keep: { last: 10 } }
rollback:
  confirmTimeout: 600s
  onSilence: keep-if-healed
  gate: { samples: 3, interval: 2s }
  automatic: false
freeze:
  - name: black-friday
    from: "2026-11-27T00:00:00Z"
    to: "2026-11-28T00:00:00Z"
    components: ["*"]
storage: { retention: 30d }
`;

type Json = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  array: (value) => Array.isArray(value),
  object: (value) => objectOf(value) !== undefined,
  null: (value) => value === null,
};

/** The part of JSON Schema that our own schema uses; what it does not know it takes as true. */
function accepts(schema: Json, value: unknown): boolean {
  const { type, const: only, enum: some, pattern, anyOf, oneOf, items, minimum, maximum } = schema;
  if (typeof type === 'string' && TYPES[type]?.(value) !== true) return false;
  if ('const' in schema && only !== value) return false;
  if (Array.isArray(some) && !some.includes(value)) return false;
  if (typeof pattern === 'string' && typeof value === 'string') {
    if (!new RegExp(pattern, 'u').test(value)) return false;
  }
  if (typeof minimum === 'number' && typeof value === 'number' && value < minimum) return false;
  if (typeof maximum === 'number' && typeof value === 'number' && value > maximum) return false;
  const { minItems, minLength } = schema;
  if (typeof minItems === 'number' && Array.isArray(value) && value.length < minItems) return false;
  if (typeof minLength === 'number' && typeof value === 'string' && value.length < minLength) {
    return false;
  }
  for (const choices of [anyOf, oneOf]) {
    const known = listOf(choices).map((one) => objectOf(one) ?? {});
    if (known.length > 0 && !known.some((one) => accepts(one, value))) return false;
  }
  const inner = objectOf(items);
  if (inner !== undefined && !listOf(value).every((one) => accepts(inner, one))) return false;
  return acceptsMembers(schema, objectOf(value));
}

function acceptsMembers(schema: Json, value: Json | undefined): boolean {
  if (value === undefined) return true;
  const known = objectOf(schema['properties']) ?? {};
  if (listOf(schema['required']).some((name) => !(String(name) in value))) return false;
  return Object.entries(value).every(([name, member]) => {
    const own = objectOf(known[name]);
    return own === undefined ? schema['additionalProperties'] !== false : accepts(own, member);
  });
}

const schema = objectOf(publishedSchema()) ?? {};

/** Whether `config check` takes it, but for what only a look at the whole can tell. */
function isChecked(value: unknown): boolean {
  const loaded = loadConfig(stringify(value), 'x.yaml', ADAPTER_SCHEMAS);
  const WHOLE = /no component of this name|used twice|needs a certificate/;
  return loaded.ok || loaded.error.every(({ message }) => WHOLE.test(message));
}

/** The paths of every member and element of a value. */
function pathsOf(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...at, key]))];
}

/** A copy with another value at a path; `undefined` takes the member away. */
function changed(value: unknown, path: readonly string[], to: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== 'object' || value === null) return to;
  const inner = new Map<string, unknown>(Object.entries(value));
  const next = changed(inner.get(key), rest, to);
  if (Array.isArray(value)) {
    return value.flatMap((old: unknown, i) =>
      String(i) !== key ? [old] : next === undefined ? [] : [next],
    );
  }
  if (next === undefined) inner.delete(key);
  else inner.set(key, next);
  return Object.fromEntries(inner);
}

test('the published schema takes the sample, an empty file, and knows every adapter', () => {
  const sample: unknown = parse(SAMPLE);
  assert.ok(isChecked(sample));
  assert.ok(accepts(schema, sample));
  assert.ok(accepts(schema, {}));
  const text = JSON.stringify(schema);
  for (const kind of [...SOURCE_SCHEMAS.keys(), ...STATE_SCHEMAS.keys()]) {
    assert.ok(text.includes(`{"const":"${kind}"}`), `${kind} is not in the schema`);
  }
  const wrong = changed(sample, ['sources', '0', 'patsh'], ['/x']);
  assert.ok(!accepts(schema, wrong), 'a misspelt setting of a source is told by the editor');
});

test('an editor never marks what config check takes, and marks wrong types and names', () => {
  const sample: unknown = parse(SAMPLE);
  const paths = pathsOf(sample).filter((path) => path.length > 0);
  const odd = fc.constantFrom<unknown>(undefined, 7, -1, 'soon', '', true, false, [], {}, '10s', [
    'a',
  ]);
  let taken = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...paths), odd, (path, to) => {
      const value = changed(sample, path, to);
      const isTaken = isChecked(value);
      if (isTaken) taken += 1;
      else refused += 1;
      const why = `${path.join('.')} = ${JSON.stringify(to)}`;
      if (isTaken) assert.ok(accepts(schema, value), `an editor marks ${why}`);
      // Of the right type, some values are refused for reasons that JSON Schema has no words for.
      else if (typeof to === 'boolean') assert.ok(!accepts(schema, value), `nothing marks ${why}`);
    }),
    { numRuns: 200 },
  );
  assert.ok(taken > 5 && refused > 5, `${taken} taken, ${refused} refused`);
});
