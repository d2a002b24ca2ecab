import type { Outcome } from './acts.ts';
import type { SmallWorld } from './small-world.ts';

/** Every look at the way to what was changed may find it open or cut. */
export function reachesOf(world: SmallWorld): readonly Outcome[] {
  return (['green', 'red'] as const).map((color) => ({
    label: `reach ${color}`,
    world: { ...world, reached: color },
    result: {
      kind: 'reached',
      samples: [{ check: 'way', component: 'shop', color, seen: color }],
    },
  }));
}
