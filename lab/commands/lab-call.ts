import type { FaultOption } from '../faults/fault.ts';
import type { StagePlace } from '../stage/stage-place.ts';

/** A command of the lab as it was asked for. */
export type LabCall = {
  readonly place: StagePlace;
  readonly words: readonly string[];
  readonly without: readonly string[];
  readonly faultOptions: ReadonlyMap<FaultOption, string>;
};

/** What a command has to say: as a document, as lines, and by its exit code. */
export type LabAnswer = {
  readonly document: unknown;
  readonly lines: readonly string[];
  readonly code: 0 | 1;
};

/** A command of the lab. */
export type LabCommand = (call: LabCall) => Promise<LabAnswer>;
