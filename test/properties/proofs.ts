import type { Proof } from './property.ts';

const inFile =
  (file: string) =>
  (test: string): Proof => ({ file, test });

/** The files that prove most properties, each by the name of its test. */
export const run = inFile('test/scenarios/rollback-runs.test.ts');
export const secondWord = inFile('test/scenarios/second-word-runs.test.ts');
export const trouble = inFile('test/scenarios/troubled-runs.test.ts');
export const pauses = inFile('test/conformance/pauses.test.ts');
export const engine = inFile('test/properties/run-safeguards.test.ts');
export const batches = inFile('test/properties/batch-safeguards.test.ts');
export const plan = inFile('src/recovery/plan/make-plan.test.ts');
export const gate = inFile('src/recovery/gate/judge-gate.test.ts');
export const company = inFile('test/scenarios/companions.test.ts');
export const lost = inFile('test/scenarios/lost-guard.test.ts');
export const word = inFile('test/scenarios/second-word.test.ts');
export const way = inFile('test/scenarios/reach-runs.test.ts');
export const automatic = inFile('src/recovery/automatic/may-run-by-itself.test.ts');
export const leftOver = inFile('src/recovery/automatic/left-over.test.ts');
export const target = inFile('test/scenarios/right-target.test.ts');
export const scope = inFile('src/daemon/recovery/state-as-captured.test.ts');
export const rejected = inFile('test/scenarios/rejected-plan.test.ts');
