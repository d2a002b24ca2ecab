import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { folderRules } from '../architecture.ts';
import { ADAPTERS, type AdapterLine } from '../src/adapters/registry.ts';
import { EXIT_CODES } from '../src/base/error.ts';
import { CATALOGUE } from '../src/model/errors/catalogue.ts';
import { configurationPage } from './configuration-page.ts';
import { table } from './markdown-table.ts';
import { propertiesTable } from './properties-table.ts';
import { providersPage } from './providers-page.ts';

/**
 * Writes the documents, and the marked parts of documents, that repeat what the code says. A test
 * compares them with the code, so a stale page fails the build: run `npm run docs` and commit.
 */

/** A document as it ought to be. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** Every generated document, computed from the code and from what stands around the marks. */
export function generateDocuments(root: string): readonly Document[] {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return [
    { path: 'docs/errors.md', text: errorsPage() },
    { path: 'docs/operate/configuration.md', text: `${configurationPage()}\n` },
    { path: 'docs/providers.md', text: `${providersPage(root).trimEnd()}\n` },
    {
      path: 'docs/recovery.md',
      text: fillSections(read('docs/recovery.md'), { properties: propertiesTable() }),
    },
    {
      path: 'docs/operate/scripting.md',
      text: fillSections(read('docs/operate/scripting.md'), { 'exit-codes': exitCodes() }),
    },
    {
      path: 'ARCHITECTURE.md',
      text: fillSections(read('ARCHITECTURE.md'), {
        'import-table': importTable(),
        'lazy-imports': lazyImports(),
        decisions: decisionList(root),
      }),
    },
    {
      path: 'README.md',
      text: fillSections(read('README.md'), {
        sources: adapterTable('Source', 'sources'),
        providers: adapterTable('Provider', 'providers'),
        others: otherAdapters(),
      }),
    },
  ];
}

function fillSections(text: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce(
    (filled, [name, body]) => fillSection(filled, name, body),
    text,
  );
}

/** Replaces what stands between `<!-- generated:NAME -->` and the next `<!-- /generated -->`. */
export function fillSection(text: string, name: string, body: string): string {
  const opening = `<!-- generated:${name} -->`;
  const from = text.indexOf(opening);
  const to = text.indexOf('<!-- /generated -->', from);
  if (from === -1 || to === -1) throw new Error(`the document has no section "${name}" to fill`);
  return `${text.slice(0, from + opening.length)}\n${body.trimEnd()}\n${text.slice(to)}`;
}

function errorsPage(): string {
  const areas = Map.groupBy(Object.entries(CATALOGUE), ([code]) => code.split('_')[1] ?? '');
  const sections = [...areas]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([area, entries]) => {
      const rows = entries
        .toSorted(([left], [right]) => (left < right ? -1 : 1))
        .map(([code, entry]) => [
          `\`${code}\``,
          entry.meaning,
          entry.hint,
          String(entry.exit),
          String(entry.status),
          entry.retryable ? 'yes' : 'no',
        ]);
      const head = ['Code', 'Meaning', 'What to do', 'Exit', 'HTTP', 'Retry helps'];
      return `## ${area.toLowerCase()}\n\n${table(head, rows)}`;
    });
  return [
    '# Errors',
    'Generated from `src/model/errors` by `npm run docs`; do not edit.',
    'Every error of the command line, the API and the log bears one of these codes. Codes are ' +
      'stable: a script may rely on them, and a retired code is never used again. *Exit* is how ' +
      'the command line ends, *HTTP* the status of the problem document (RFC 9457), *Retry ' +
      'helps* whether the same call may succeed later without anybody changing anything.',
    ...sections,
  ].join('\n\n');
}

function exitCodes(): string {
  return table(['Exit', 'Meaning'], Object.entries(EXIT_CODES));
}

function importTable(): string {
  const rows = folderRules.map(({ folder, role, imports, pure }) => [
    `\`${folder}\``,
    role,
    imports.length === 0 ? 'nothing' : imports.map((name) => `\`${name}\``).join(' '),
    pure ? 'pure' : '',
  ]);
  return table(['Folder', 'What it is for', 'May import', ''], rows);
}

/** Who loads what only when it is needed: a command starts without the rest. */
function lazyImports(): string {
  const lines = folderRules.flatMap(({ lazily }) => {
    if (lazily === undefined) return [];
    const names = (those: readonly string[]): string =>
      those.map((name) => `\`${name}\``).join(', ');
    return [`- ${names(lazily.imports)} is loaded when needed by ${names(lazily.from)}`];
  });
  return lines.join('\n');
}

function adapterTable(head: string, family: AdapterLine['family']): string {
  const lines = ADAPTERS.filter((line) => line.family === family);
  return table(
    [head, ''],
    lines.map(({ name, does }) => [`\`${name}\``, does]),
  );
}

/** The decisions by their headings, oldest first. */
function decisionList(root: string): string {
  const folder = join(root, 'docs', 'decisions');
  const lines = readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => {
      const heading = readFileSync(join(folder, name), 'utf8').split('\n', 1)[0] ?? '';
      return `- [${heading.replace(/^#\s*/, '')}](docs/decisions/${name})`;
    });
  return lines.join('\n');
}

/** Where things lie and who is told, for readers who wonder what must be installed. */
function otherAdapters(): string {
  const shown = ADAPTERS.filter(({ family }) => family !== 'sources' && family !== 'providers');
  return table(
    ['Port', 'Adapter', ''],
    shown.map(({ family, name, does }) => [family, `\`${name}\``, does]),
  );
}

if (import.meta.main) {
  for (const { path, text } of generateDocuments(process.cwd())) {
    writeFileSync(join(process.cwd(), path), text);
    console.log(`wrote ${path}`);
  }
}
