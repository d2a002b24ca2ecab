import type { DiagnosisInput } from './diagnosis-input.ts';

/** What the trouble began with: not every trouble is an error. */
export function onsetName({ evidence }: DiagnosisInput): string {
  const hasErrors =
    evidence.logs.some(({ during }) => during > 0) ||
    evidence.operations.some(({ during }) => during.errors > 0) ||
    evidence.edges.some(({ during }) => during.errors > 0);
  return hasErrors ? 'the first error' : 'the trouble began';
}
