import type { SmallWorld } from './small-world.ts';

/** A state that a plan stands on and leaves as it is, since it travels with what is changed. */
export const COMPANION = 'K';

/** `late`: changed once P was taken, which nobody can be asked to notice. */
export type CompanionWord = 'pre' | 'ext' | 'late';

/** Somebody else changes it. */
export function moveCompanion(world: SmallWorld): SmallWorld {
  return { ...world, companion: world.hasP ? 'late' : 'ext' };
}
