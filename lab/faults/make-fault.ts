import { registry } from '../parts/registry.ts';
import type { Book } from '../stage/book.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import type { StagePlace } from '../stage/stage-place.ts';
import { stageOf } from '../stage/stage.ts';
import { clearFaults, faultsPart } from '../stage/undo.ts';
import type { FaultOption } from './fault.ts';
import { faults } from './registry.ts';

/** A fault as it was asked for. */
export type FaultRequest = {
  readonly name: string;
  readonly word: string | undefined;
  readonly options: ReadonlyMap<FaultOption, string>;
};

/** Makes a fault, its undo on disk before anything breaks; resolves with what is wrong now. */
export async function makeFault(
  place: StagePlace,
  book: Book,
  { name, word, options }: FaultRequest,
): Promise<string> {
  const fault = faults.find((known) => known.name === name);
  if (fault === undefined) {
    throw new LabFailure(`no fault ${name}; there are ${faults.map((f) => f.name).join(', ')}`);
  }
  const strange = [...options.keys()].find((option) => !fault.options.includes(option));
  if (strange !== undefined || (word !== undefined && fault.options.length > 0)) {
    const given = strange === undefined ? word : `--${strange}`;
    throw new LabFailure(`fault ${name} takes no ${given}; usage: ${name} ${fault.usage}`);
  }
  const stage = stageOf(place, book, faultsPart);
  const call = { stage, book, word, option: (key: FaultOption) => options.get(key) };
  const plan = await fault.plan(call);
  const { id } = book.add(faultsPart, {
    kind: 'fault',
    name,
    what: plan.what,
    undo: plan.undo,
  });
  try {
    await plan.make();
  } catch (error) {
    // Half a fault is none that was asked for; what resists stays in the book for fault clear.
    await clearFaults({ place, book, parts: registry }, ({ entry }) => entry.id === id);
    throw error;
  }
  return plan.what;
}
