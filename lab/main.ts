import { parseArgs } from 'node:util';
import { countOrders } from './customers/count-orders.ts';
import { registry } from './parts/registry.ts';
import { openBook } from './stage/book.ts';
import { chooseParts } from './stage/choose-parts.ts';
import { cleanStage } from './stage/janitor.ts';
import { LabFailure } from './stage/lab-failure.ts';
import { raise, removePart, type PartReport } from './stage/raise.ts';
import { holdStage, makeFolder, stagePlace, type StagePlace } from './stage/stage-place.ts';
import { readStatus, type PartStatus } from './stage/status.ts';

const usage = `usage: npm run lab -- COMMAND [options]
  up [PART…] [--without PART]   bring the stage up, or the parts named with all they need
  down                          remove everything the stage has made
  status                        use every part and say what was seen
  orders                        what became of all orders; exits 1 when one was lost
  parts                         list the parts
options: --prefix NAME (default lgd)  --unprivileged  --json
`;

const optionTypes = {
  prefix: { type: 'string', default: 'lgd' },
  without: { type: 'string', multiple: true },
  unprivileged: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Call = {
  readonly place: StagePlace;
  readonly words: readonly string[];
  readonly without: readonly string[];
  readonly isJson: boolean;
};

const commands: Readonly<Record<string, (call: Call) => Promise<number>>> = {
  up,
  down,
  status,
  orders,
  parts: async ({ isJson }) => {
    const list = registry.map(({ name, summary, needs }) => ({ name, summary, needs }));
    print(isJson, list, () => list.map(({ name, summary }) => `${name.padEnd(16)}${summary}`));
    return 0;
  },
};

async function up({ place, words, without, isJson }: Call): Promise<number> {
  const parts = chooseParts(registry, words, without);
  makeFolder(place);
  const release = await holdStage(place);
  const startedAt = Date.now();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const reports = await raise({ place, book: openBook(place.folder), parts, say });
  release();
  const elapsedMs = Date.now() - startedAt;
  print(isJson, { prefix: place.prefix, elapsedMs, parts: reports }, () => [
    ...reports.map(reportLine),
    `up in ${(elapsedMs / 1000).toFixed(1)} s; logs and files in ${place.folder}`,
  ]);
  const isMissing = reports.some(
    ({ part, state }) => state === 'failed' || (state === 'skipped' && words.includes(part)),
  );
  return isMissing ? 1 : 0;
}

async function down({ place, isJson }: Call): Promise<number> {
  makeFolder(place);
  const release = await holdStage(place);
  const book = openBook(place.folder);
  for (const part of registry.toReversed()) await removePart({ place, book }, part);
  await cleanStage(place, book, []);
  release();
  print(isJson, { prefix: place.prefix, removed: true }, () => [`${place.prefix} is down`]);
  return 0;
}

async function status({ place, isJson }: Call): Promise<number> {
  const parts = await readStatus(place, registry);
  print(isJson, { prefix: place.prefix, parts }, () => parts.map(statusLine));
  return parts.every(({ state }) => state === 'up' || state === 'absent') ? 0 : 1;
}

async function orders({ place, isJson }: Call): Promise<number> {
  const count = await countOrders(place.folder);
  print(isJson, count, () => [
    `placed ${count.placed}  paid ${count.paid}  refused ${count.refused}  ` +
      `unanswered ${count.unanswered}  lost ${count.lost.length}`,
    ...count.lost.map((id) => `lost: ${id}`),
  ]);
  return count.lost.length === 0 ? 0 : 1;
}

const statusLine = ({ part, state, words }: PartStatus): string =>
  `${part.padEnd(16)}${state.padEnd(8)}${words}`;

function reportLine({ part, state, elapsedMs, words }: PartReport): string {
  const shown = state === 'skipped' ? 'SKIPPED' : state === 'failed' ? 'FAILED' : state;
  const seconds = state === 'kept' ? '' : `${(elapsedMs / 1000).toFixed(1)} s`;
  return `${part.padEnd(16)}${shown.padEnd(9)}${seconds.padStart(7)}  ${words}`;
}

function print(isJson: boolean, document: unknown, lines: () => readonly string[]): void {
  process.stdout.write(isJson ? `${JSON.stringify(document)}\n` : `${lines().join('\n')}\n`);
}

async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ options: optionTypes, allowPositionals: true });
    const [name = '', ...words] = positionals;
    const command = commands[name];
    if (command === undefined) {
      process.stderr.write(usage);
      return 2;
    }
    const isUnprivileged = values.unprivileged || process.getuid?.() !== 0;
    const place = stagePlace(values.prefix, isUnprivileged);
    return await command({ place, words, without: values.without ?? [], isJson: values.json });
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error;
    if (!isUsage && !(error instanceof LabFailure)) throw error;
    process.stderr.write(`lab: ${error.message}\n${isUsage ? usage : ''}`);
    return isUsage ? 2 : 1;
  }
}

process.exitCode = await main();
