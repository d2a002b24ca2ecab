import { registry } from '../parts/registry.ts';
import { openBook } from '../stage/book.ts';
import { chooseParts } from '../stage/choose-parts.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import { raise, type PartReport } from '../stage/raise.ts';
import { holdStage, makeFolder } from '../stage/stage-place.ts';
import { standingFaults } from '../stage/undo.ts';
import type { LabCommand } from './lab-call.ts';

/** `up [PART…] [--without PART]`: fails when a part failed, or one that was named was skipped. */
export const up: LabCommand = async ({ place, words, without }) => {
  const parts = chooseParts(registry, words, without);
  makeFolder(place);
  using _hold = await holdStage(place);
  const book = openBook(place.folder);
  const [fault] = standingFaults(book);
  // A part that is broken on purpose must not be repaired by starting it anew.
  if (fault !== undefined) {
    throw new LabFailure(`a fault stands: ${fault.what}; clear it first: fault clear`);
  }
  const startedAt = Date.now();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const reports = await raise({ place, book, parts, say });
  const elapsedMs = Date.now() - startedAt;
  const isMissing = reports.some(
    ({ part, state }) => state === 'failed' || (state === 'skipped' && words.includes(part)),
  );
  return {
    document: { prefix: place.prefix, folder: place.folder, elapsedMs, parts: reports },
    lines: [
      ...reports.map(reportLine),
      `up in ${(elapsedMs / 1000).toFixed(1)} s; logs and files in ${place.folder}`,
    ],
    code: isMissing ? 1 : 0,
  };
};

function reportLine({ part, state, elapsedMs, words }: PartReport): string {
  const shown = state === 'skipped' ? 'SKIPPED' : state === 'failed' ? 'FAILED' : state;
  const seconds = state === 'kept' ? '' : `${(elapsedMs / 1000).toFixed(1)} s`;
  return `${part.padEnd(16)}${shown.padEnd(9)}${seconds.padStart(7)}  ${words}`;
}
