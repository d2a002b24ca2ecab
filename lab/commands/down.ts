import { registry } from '../parts/registry.ts';
import { openBook } from '../stage/book.ts';
import { holdStage, makeFolder } from '../stage/stage-place.ts';
import { strike } from '../stage/strike.ts';
import type { LabCommand } from './lab-call.ts';

/** `down`: removes everything the stage has made, also what a killed command left half made. */
export const down: LabCommand = async ({ place }) => {
  makeFolder(place);
  using _hold = await holdStage(place);
  await strike({ place, book: openBook(place.folder), parts: registry });
  return {
    document: { prefix: place.prefix, removed: true },
    lines: [`${place.prefix} is down`],
    code: 0,
  };
};
