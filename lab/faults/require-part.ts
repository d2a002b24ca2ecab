import { LabFailure } from '../stage/lab-failure.ts';
import type { FaultCall } from './fault.ts';

/** Throws unless the part is up: what is not there cannot be broken, nor mended afterwards. */
export function requirePart(
  { book, stage }: Pick<FaultCall, 'book' | 'stage'>,
  name: string,
): void {
  const isUp = book.entries().some(({ part, thing }) => part === name && thing.kind === 'ready');
  if (!isUp) throw new LabFailure(`${name} is not up on stage ${stage.prefix}; lab up ${name}`);
}
