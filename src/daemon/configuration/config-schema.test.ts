import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fastify from 'fastify';
import { parse, stringify } from 'yaml';
import { ADAPTER_SCHEMAS, SOURCE_SCHEMAS, STATE_SCHEMAS } from '../../adapters/registry.ts';
import { lastgoodYaml } from '../../../demo/tour/lastgood-yaml.ts';
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

/**
 * The validator that an editor has, as Fastify brings it (Ajv), in its strict mode: a keyword that
 * it does not know is an error.
 */
async function compiled(schema: unknown): Promise<(value: unknown) => boolean> {
  const customOptions = {
    coerceTypes: false,
    removeAdditional: false,
    useDefaults: false,
  } as const;
  const app = fastify({
    ajv: { customOptions: { ...customOptions, strict: false, strictSchema: true } },
  });
  let validate: ((value: unknown) => boolean) | undefined;
  app.get('/', (request) => {
    // Ajv as Fastify brings it knows the drafts by their keywords, not this one by its name.
    const { $schema: _name, ...keywords } = objectOf(schema) ?? {};
    const check = request.compileValidationSchema(keywords);
    validate = (value) => check(value);
    return {};
  });
  const answer = await app.inject('/');
  await app.close();
  assert.ok(validate, answer.body);
  return validate;
}

const schema = objectOf(publishedSchema()) ?? {};
const accepts = await compiled(schema);

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

/** The member at a path. */
function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((one, key) => new Map(Object.entries(Object(one))).get(key), value);
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
  assert.ok(accepts(sample));
  assert.ok(accepts({}));
  const text = JSON.stringify(schema);
  for (const kind of [...SOURCE_SCHEMAS.keys(), ...STATE_SCHEMAS.keys()]) {
    assert.ok(text.includes(`{"const":"${kind}"}`), `${kind} is not in the schema`);
  }
});

/** What JSON Schema has no words for: that the path of a log is absolute. */
const UNTOLD = /^sources\.0\.paths/;

test('an editor marks just what config check refuses, at every place of the sample', () => {
  const sample: unknown = parse(SAMPLE);
  const paths = pathsOf(sample).filter((path) => path.length > 0);
  const odd = [undefined, null, 7, -1, 'soon', '', '10s', true, false, [], ['a'], {}, { odd: 1 }];
  let [taken, refused] = [0, 0];
  for (const path of paths) {
    for (const to of odd) {
      const value = changed(sample, path, to);
      const isTaken = isChecked(value);
      const isMarked = !accepts(value);
      const where = `${path.join('.')} = ${JSON.stringify(to)}`;
      assert.ok(!isTaken || !isMarked, `an editor marks ${where}, which is right`);
      assert.ok(isTaken || isMarked || UNTOLD.test(where), `nothing marks ${where}`);
      if (isTaken) taken += 1;
      else refused += 1;
    }
  }
  assert.ok(taken > 50 && refused > 300, `${taken} taken, ${refused} refused`);
});

test('a misspelt name is marked wherever a name can stand', () => {
  const sample: unknown = parse(SAMPLE);
  const objects = pathsOf(sample).filter((path) => objectOf(memberAt(sample, path)) !== undefined);
  assert.ok(objects.length > 10, `${objects.length} objects were looked at`);
  for (const path of objects) {
    const value = changed(sample, [...path, 'mispelt'], 1);
    assert.ok(!accepts(value), `nothing marks ${[...path, 'mispelt'].join('.')}`);
  }
});

test('every configuration that the documents and the tour show is right', () => {
  const shown = [...documented(), ['demo', TOUR] as const];
  assert.ok(shown.length > 8, `${shown.length} examples were found`);
  for (const [where, text] of shown) {
    const value: unknown = parse(text);
    assert.ok(isChecked(value), `config check refuses an example of ${where}:\n${text}`);
    assert.ok(accepts(value), `an editor marks an example of ${where}:\n${text}`);
  }
});

const TOUR = lastgoodYaml(
  { root: '/srv/shop', ports: { payment: 1, catalog: 2, checkout: 3, gateway: 4 }, otlpUrl: '' },
  { ui: 7433, otlpHttp: 4318 },
  (service) => ['systemctl', 'restart', service],
);

/** The blocks of the documents that begin with a member of `lastgood.yaml`. */
function documented(): readonly (readonly [file: string, text: string])[] {
  const root = join(import.meta.dirname, '../../..');
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const files = ['README.md', ...docs.map((name) => join('docs', name))];
  const members = Object.keys(objectOf(schema['properties']) ?? {});
  const begin = new RegExp(`^(${members.join('|')}):`, 'm');
  return files
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) =>
      blocksOf(readFileSync(join(root, name), 'utf8')).map((text) => [name, text] as const),
    )
    .filter(([, text]) => text.search(begin) === 0);
}

/** Fenced and indented blocks, the indent taken away. */
function blocksOf(markdown: string): readonly string[] {
  const fenced = [...markdown.matchAll(/^```ya?ml\n(.*?)^```/gms)].map(([, text = '']) => text);
  const indented = [...markdown.matchAll(/(?:^ {4}.*\n)+/gm)];
  return [...fenced, ...indented.map(([text]) => text.replaceAll(/^ {4}/gm, ''))];
}
