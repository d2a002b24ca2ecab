import { registry } from '../parts/registry.ts';
import { openBook } from '../stage/book.ts';
import { readStatus } from '../stage/status.ts';
import { standingFaults } from '../stage/undo.ts';
import type { LabCommand } from './lab-call.ts';

/** `status`: uses every part; fails when one that should stand does not. */
export const status: LabCommand = async ({ place }) => {
  const parts = await readStatus(place, registry);
  const standing = standingFaults(openBook(place.folder));
  const faults = standing.map(({ name, what }) => ({ fault: name, what }));
  return {
    document: { prefix: place.prefix, folder: place.folder, parts, faults },
    lines: [
      ...parts.map(({ part, state, words }) => `${part.padEnd(16)}${state.padEnd(9)}${words}`),
      ...faults.map(({ what }) => `a fault stands: ${what}`),
    ],
    code: parts.every(({ state }) => state === 'up' || state === 'absent') ? 0 : 1,
  };
};
