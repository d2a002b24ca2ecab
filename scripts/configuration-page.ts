import { publishedSchema } from '../src/daemon/configuration/config-schema.ts';
import { EXAMPLES } from './configuration-examples.ts';
import { table } from './markdown-table.ts';
import {
  alternativesOf,
  code,
  membersOf,
  schemaAt,
  valueWords,
  type Schema,
} from './setting-words.ts';

/** One line of a table: a setting by its path. */
type Row = readonly [setting: string, meaning: string, value: string, fallback: string];

/** What is set in one of several ways, such as a trigger by its signal. */
interface Variant {
  readonly title: string;
  readonly intro: string;
  readonly rows: readonly Row[];
}

interface Listing {
  readonly rows: readonly Row[];
  readonly variants: readonly Variant[];
}

/** Settings that are described with another section. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([['sources[].rules', 'rules']]);

const INTRO = `# Configuration

Generated from the schema of the configuration by \`npm run docs\`; do not edit.

\`lastgood.yaml\` is the file that \`--config\` names, else the one in the working directory, else
\`/etc/lastgood/lastgood.yaml\`; without any, all defaults hold. \`lastgood config check\` says with
line and column what is wrong with it. \`lastgood config schema\` prints the same as below as JSON
Schema, for editors: a first line \`# yaml-language-server: $schema=lastgood.schema.json\` names it.
SIGHUP takes a changed file over; \`status\` tells what of it needs a restart.

A **duration** is a number with its unit: \`500ms\`, \`10s\`, \`15m\`, \`12h\`, \`30d\`, \`8w\`.
A **size** is one such as \`500MB\`, \`20GB\` or \`1TiB\`. A **name** has letters, digits, dots,
dashes and underscores, at most 63, and begins with a letter or a digit. Secrets never stand in the
file: \`env:NAME\` and \`file:PATH\` say where they do. \`[]\` in a path stands for each entry of a
list, \`NAME\` for any name. What has no default may be absent, unless it is **needed**.`;

/** The page of all settings; throws when one is not described or a section has no example. */
export function configurationPage(): string {
  const root = schemaAt({ schema: publishedSchema() }, 'schema');
  const sections = membersOf(root).map(([name, section]) => sectionText(name, section));
  const unknown = Object.keys(EXAMPLES).filter((name) => !(name in schemaAt(root, 'properties')));
  if (unknown.length > 0) throw new Error(`examples of no section: ${unknown.join(', ')}`);
  return [INTRO, ...sections].join('\n\n');
}

function sectionText(name: string, section: Schema): string {
  const example = EXAMPLES[name];
  if (example === undefined) throw new Error(`show an example of the section ${name}`);
  const { rows, variants } = listingOf(name, section, false);
  const [own, ...inner] = rows;
  if (own === undefined) throw new Error(`the section ${name} is empty`);
  const [, meaning, value, fallback] = own;
  const last = fallback === '' ? '' : `; default: ${fallback}`;
  const kind = value === 'settings' ? '' : ` Value: ${value}${last}.`;
  return [
    `## ${name}`,
    `${meaning}${kind}`,
    `\`\`\`yaml\n${example.trim()}\n\`\`\``,
    ...(inner.length === 0 ? [] : [tableOf(inner)]),
    ...variants.map(({ title, intro, rows: own }) =>
      [
        `### ${title}`,
        ...(intro === '' ? [] : [intro]),
        ...(own.length ? [tableOf(own)] : []),
      ].join('\n\n'),
    ),
  ]
    .map((part) => part.trimEnd())
    .join('\n\n');
}

function tableOf(rows: readonly Row[]): string {
  return table(['Setting', 'Meaning', 'Value', 'Default'], rows);
}

/** A setting and everything in it. */
function listingOf(path: string, schema: Schema, isNeeded: boolean): Listing {
  const row: Row = [
    `\`${path}\``,
    meaningOf(path, schema),
    valueWords(schema),
    isNeeded ? '**needed**' : defaultOf(schema),
  ];
  const inner = ELSEWHERE.has(path) ? { rows: [], variants: [] } : innerOf(path, schema);
  return { rows: [row, ...inner.rows], variants: inner.variants };
}

function meaningOf(path: string, { description }: Schema): string {
  if (typeof description !== 'string' || !/^[A-Z`].*\.$/s.test(description)) {
    throw new Error(`describe the setting ${path} in a sentence`);
  }
  const section = ELSEWHERE.get(path);
  return section === undefined ? description : `${description} See [${section}](#${section}).`;
}

function defaultOf({ default: fallback }: Schema): string {
  if (fallback === undefined || JSON.stringify(fallback) === '{}') return '';
  return Array.isArray(fallback) && fallback.length > 0
    ? fallback.map(code).join(', ')
    : code(fallback);
}

/** What is within a setting: members, entries of a list, or one of several alternatives. */
function innerOf(path: string, schema: Schema): Listing {
  if (schema['type'] === 'array') return innerOf(`${path}[]`, schemaAt(schema, 'items'));
  const named = schemaAt(schema, 'additionalProperties');
  if (Object.keys(named).length > 0) return innerOf(`${path}.NAME`, named);
  const objects = alternativesOf(schema).filter((one) => membersOf(one).length > 0);
  if (objects.length > 1) return variantsOf(path, objects);
  const [object = schema] = objects;
  return joined(
    membersOf(object).map(([name, member]) => memberListing(path, object, name, member)),
  );
}

function memberListing(path: string, object: Schema, name: string, member: Schema): Listing {
  const { required } = object;
  const isNeeded = Array.isArray(required) && required.includes(name);
  return listingOf(`${path}.${name}`, member, isNeeded && member['default'] === undefined);
}

/** What all alternatives have in common stands once, what is one's own under its own heading. */
function variantsOf(path: string, objects: readonly Schema[]): Listing {
  const [first] = objects;
  if (first === undefined) return { rows: [], variants: [] };
  const isCommon = (name: string): boolean =>
    new Set(objects.map((one) => JSON.stringify(schemaAt(schemaAt(one, 'properties'), name))))
      .size === 1;
  const common = joined(
    membersOf(first)
      .filter(([name]) => isCommon(name))
      .map(([name, member]) => memberListing(path, first, name, member)),
  );
  const variants = objects.flatMap((object, index): readonly Variant[] => {
    const own = membersOf(object).filter(([name]) => !isCommon(name));
    const mark = own.find(([, member]) => member['const'] !== undefined) ?? own[0];
    const { rows, variants: deeper } = joined(
      own
        .filter(([, member]) => member['const'] === undefined)
        .map(([name, member]) => {
          const listing = memberListing(path, object, name, member);
          return isListed(objects.slice(0, index), name, member) ? asAbove(listing) : listing;
        }),
    );
    return [{ title: titleOf(path, mark), intro: introOf(mark), rows }, ...deeper];
  });
  return { rows: common.rows, variants: [...common.variants, ...variants] };
}

/** Whether an earlier alternative has a member with the same settings in it. */
function isListed(earlier: readonly Schema[], name: string, member: Schema): boolean {
  const members = JSON.stringify(schemaAt(member, 'properties'));
  return earlier.some((one) => {
    const other = schemaAt(schemaAt(one, 'properties'), name);
    return members !== '{}' && JSON.stringify(schemaAt(other, 'properties')) === members;
  });
}

function asAbove({ rows, variants }: Listing): Listing {
  const [[setting, meaning, , fallback] = ['', '', '', '']] = rows;
  return { rows: [[setting, meaning, 'settings as above', fallback]], variants };
}

function titleOf(path: string, mark: readonly [string, Schema] | undefined): string {
  if (mark === undefined) return path;
  const [name, { const: only }] = mark;
  return only === undefined
    ? `\`${path}\` with \`${name}\``
    : `\`${path}\` with \`${name}: ${String(only)}\``;
}

function introOf(mark: readonly [string, Schema] | undefined): string {
  const [, { const: only, description }] = mark ?? ['', {}];
  return only === undefined || typeof description !== 'string' ? '' : description;
}

function joined(listings: readonly Listing[]): Listing {
  return {
    rows: listings.flatMap(({ rows }) => rows),
    variants: listings.flatMap(({ variants }) => variants),
  };
}
