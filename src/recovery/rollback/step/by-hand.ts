import { exportScript } from '../../../model/checkpoint/export-place.ts';
import { shellQuote } from '../../../base/shell-quote.ts';
import type { UndoAnswer } from './act.ts';
import type { Whereabouts } from './whereabouts.ts';

/** What a survey found of a state. */
export interface FoundState {
  readonly state: string;
  /** Absent: it could not be read. */
  readonly answer: UndoAnswer | undefined;
  readonly where: Whereabouts | undefined;
}

/**
 * Lines to paste as they are, that bring everything back to P without us: contents are exported as
 * plain files first. A shell reads the whole of `{ … }` before it begins, so a connection that is
 * cut by the first command does not keep the others from it.
 */
export function linesByHand(checkpoint: string, found: readonly FoundState[]): readonly string[] {
  const left = found.filter(({ where }) => where !== 'before');
  const folder = `./${checkpoint}`;
  const exported = `lastgood checkpoint export ${checkpoint} ${folder}`;
  if (left.length === 0) return [`${exported} # P, as plain files`];
  return [`${exported} && {`, ...left.flatMap((one) => linesOf(folder, one)), '}'];
}

/**
 * What is done by content is done by the exported script; the commands that say all themselves
 * come after it, above all those that remove what P did not have.
 */
function linesOf(folder: string, { state, answer, where }: FoundState): readonly string[] {
  const script = `sh ${shellQuote(`${folder}/${exportScript(state)}`)}`;
  if (answer === undefined) return [`# ${state} could not be read: look at it first`, script];
  const commands = answer.steps.flatMap((step) => step.commands);
  const whole = commands.filter((line) => !line.startsWith('#'));
  const needsContent = whole.length < commands.length || whole.length === 0;
  const title = `# ${state} (${where ?? 'unknown'}), back to P:`;
  return [title, ...(needsContent ? [script] : []), ...whole];
}
