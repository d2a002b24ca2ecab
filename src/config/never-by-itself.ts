import { TRAFFIC_KINDS } from '../model/component/traffic-kinds.ts';
import type { Config } from './schema.ts';

type Named = NonNullable<Config['components']>[number];

/**
 * What of `rollback.automatic` can never happen with this configuration, and why; what else must
 * hold shows only in an incident. One sentence each.
 */
export function neverByItself({ components = [], triggers, rollback }: Config): readonly string[] {
  const { automatic, onSilence } = rollback;
  if (automatic === false) return [];
  const opening = triggers.filter(({ then }) => then.includes('incident'));
  const told = components
    .filter(({ name }) => automatic.components.includes(name))
    .flatMap((one) => {
      const near = withDependents(components, one.name);
      const isWatched = opening.some(
        ({ component }) => component === undefined || near.some(({ name }) => name === component),
      );
      return [...whyNever(one, near), ...(isWatched ? [] : [UNWATCHED])].map(
        (why) => `${one.name} never goes back by itself: ${why}`,
      );
    });
  if (onSilence !== 'revert') return told;
  return [
    ...told,
    'what goes back by itself stays only if a person confirms it: onSilence: revert',
  ];
}

const UNWATCHED = 'no trigger opens an incident about it or what depends on it';

function whyNever(one: Named, near: readonly Named[]): readonly string[] {
  const guards = near.flatMap(({ health }) => health).filter(({ external }) => !external);
  const isDarkWay = TRAFFIC_KINDS.has(one.kind) && one.reach.length === 0;
  return [
    ...(one.state.length === 0 ? ['it has no state that could be restored'] : []),
    ...(guards.length === 0 ? ['no health check covers it or what depends on it'] : []),
    ...(one.writers.length === 0
      ? []
      : ['it has other writers, and pausing them is left to a person']),
    ...(isDarkWay ? ['it carries traffic and names no reach probe'] : []),
  ];
}

/** A component and everything that stands on it, near and far. */
function withDependents(components: readonly Named[], name: string): readonly Named[] {
  const found = new Set([name]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const one of components) {
      if (one.dependsOn.some((needed) => found.has(needed))) found.add(one.name);
    }
  }
  return components.filter((one) => found.has(one.name));
}
