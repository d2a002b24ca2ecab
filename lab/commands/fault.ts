import { makeFault } from '../faults/make-fault.ts';
import { faults } from '../faults/registry.ts';
import { registry } from '../parts/registry.ts';
import { openBook, type Book } from '../stage/book.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import { holdStage, makeFolder, type StagePlace } from '../stage/stage-place.ts';
import { clearFaults, standingFaults } from '../stage/undo.ts';
import type { LabAnswer, LabCommand } from './lab-call.ts';

/** `fault list`, `fault clear [NAME]`, `fault NAME …`. */
export const fault: LabCommand = async ({ place, words, faultOptions }) => {
  const [name, word] = words;
  if (name === undefined) throw new LabFailure('say fault list, fault clear or fault NAME');
  if (name === 'list') return listFaults(openBook(place.folder));
  makeFolder(place);
  using _hold = await holdStage(place);
  const book = openBook(place.folder);
  if (name === 'clear') return clear(place, book, word);
  const what = await makeFault(place, book, { name, word, options: faultOptions });
  return { document: { fault: name, what }, lines: [what], code: 0 };
};

function listFaults(book: Book): LabAnswer {
  const standing = standingFaults(book).map(({ name, what }) => ({ fault: name, what }));
  const known = faults.map(({ name, usage, summary }) => ({ fault: name, usage, summary }));
  return {
    document: { standing, known },
    lines: [
      ...standing.map(({ fault: name, what }) => `stands: ${name}: ${what}`),
      ...known.map(
        ({ fault: name, usage, summary }) => `${`${name} ${usage}`.padEnd(44)}${summary}`,
      ),
    ],
    code: 0,
  };
}

async function clear(place: StagePlace, book: Book, name: string | undefined): Promise<LabAnswer> {
  const cleared = await clearFaults(
    { place, book, parts: registry },
    (standing) => name === undefined || standing.name === name,
  );
  const lines = cleared.map(({ what, trouble }) =>
    trouble === undefined ? `undone: ${what}` : `still: ${what}: ${trouble}`,
  );
  const isClear = cleared.every(({ trouble }) => trouble === undefined);
  return {
    document: { cleared },
    lines: lines.length === 0 ? ['no fault stands'] : lines,
    code: isClear ? 0 : 1,
  };
}
