import { z } from 'zod';
import { duration } from '../src/base/duration-schema.ts';
import {
  diskSize,
  instant,
  keepingTime,
  listenAddress,
  name,
  secretReference,
} from '../src/config/values.ts';
import { absolutePath } from '../src/local-provider/spec-parts.ts';

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

/** A member that is an object; empty where there is none. */
export function schemaAt(schema: Schema, member: string): Schema {
  const found = schema[member];
  return typeof found === 'object' && found !== null
    ? Object.fromEntries(Object.entries(found))
    : {};
}

/** The members of an object by their names. */
export function membersOf(schema: Schema): readonly (readonly [name: string, member: Schema])[] {
  const properties = schemaAt(schema, 'properties');
  return Object.keys(properties).map((key) => [key, schemaAt(properties, key)]);
}

/** What one of several alternatives may be; [] where there is only one. */
export function alternativesOf(schema: Schema): readonly Schema[] {
  const list = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(list) ? list.map((one: unknown) => schemaAt({ one }, 'one')) : [];
}

/** Texts of a form that has a name, by the pattern that the schema gives. */
const FORMS: ReadonlyMap<unknown, string> = new Map(
  (
    [
      [duration, 'duration'],
      [keepingTime, 'duration, at least `1m`'],
      [diskSize, 'size, at least `100MB`'],
      [name, 'name'],
      [instant, 'RFC 3339 time'],
      [secretReference, '`env:NAME` or `file:PATH`'],
      [absolutePath, 'absolute path'],
      [listenAddress.options[1], '`address:port`'],
    ] as const
  ).map(([schema, word]) => [z.toJSONSchema(schema, { io: 'input' }).pattern, word]),
);

/** What may stand there, with its limits, in words. */
export function valueWords(schema: Schema): string {
  const { const: only, enum: several, type } = schema;
  if (only !== undefined) return code(only);
  if (Array.isArray(several)) return anyOf(several.map(code));
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) return alternativeWords(alternatives);
  if (Array.isArray(type)) return anyOf(type.map((one: unknown) => valueWords({ type: one })));
  switch (type) {
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `whole number${numberLimits(schema)}`;
    case 'number':
      return `number${numberLimits(schema)}`;
    case 'string':
      return textWords(schema);
    case 'array':
      return `list of ${pluralOf(valueWords(schemaAt(schema, 'items')))}${listLimits(schema)}`;
    case 'object':
      return 'additionalProperties' in schema && schema['additionalProperties'] !== false
        ? `names, each with ${articleFor(valueWords(schemaAt(schema, 'additionalProperties')))}`
        : 'settings';
    default:
      throw new Error(`no word for ${JSON.stringify(schema)}`);
  }
}

/** `text, or a list of such, 1 to 10 of them`, where one may stand for a list of one. */
function alternativeWords(alternatives: readonly Schema[]): string {
  const [one, list] = alternatives;
  if (one !== undefined && list?.['type'] === 'array' && alternatives.length === 2) {
    const word = valueWords(one);
    const isOfSuch = valueWords(schemaAt(list, 'items')) === word;
    if (isOfSuch) return `${word}, or a list of such${listLimits(list)}`;
  }
  return anyOf([...new Set(alternatives.map(valueWords))]);
}

/** A value as it is written in YAML. */
export function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function anyOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function textWords(schema: Schema): string {
  const { pattern, format, maxLength } = schema;
  const form = pattern === undefined ? undefined : FORMS.get(pattern);
  if (form !== undefined) return form;
  if (format === 'uri') return 'URL';
  return typeof maxLength === 'number' ? `text of at most ${maxLength} characters` : 'text';
}

/** The largest whole number that JSON bears is no limit of a setting. */
function numberLimits(schema: Schema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const top = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum !== undefined && top !== undefined) return `, ${String(minimum)} to ${String(top)}`;
  const limits = [
    ...(minimum === undefined ? [] : [`at least ${String(minimum)}`]),
    ...(exclusiveMinimum === undefined ? [] : [`above ${String(exclusiveMinimum)}`]),
    ...(top === undefined ? [] : [`at most ${String(top)}`]),
    ...(exclusiveMaximum === undefined ? [] : [`below ${String(exclusiveMaximum)}`]),
  ];
  return limits.map((limit) => `, ${limit}`).join('');
}

function listLimits({ minItems, maxItems }: Schema): string {
  if (minItems !== undefined && maxItems !== undefined) {
    return `, ${String(minItems)} to ${String(maxItems)} of them`;
  }
  if (maxItems !== undefined) return `, at most ${String(maxItems)}`;
  return minItems === undefined ? '' : `, at least ${String(minItems)}`;
}

function pluralOf(word: string): string {
  return word.replace(/^(text|name|absolute path)\b/, '$1s');
}

function articleFor(word: string): string {
  return word.startsWith('`') ? word : `a ${word}`;
}
