import type { Stage } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import type { LinkEnd } from '../parts/topology.ts';

/** The command that gives a device another queue discipline; `noqueue` is what it began with. */
export const queueDiscipline = (
  stage: Stage,
  { namespace, device }: LinkEnd,
  ...words: readonly string[]
): Command => [
  'tc',
  '-netns',
  stage.namespace(namespace),
  'qdisc',
  'replace',
  'dev',
  device,
  'root',
  ...words,
];
