import { namespaceNames } from '../parts/topology.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Command } from '../stage/thing.ts';
import type { Fault } from './fault.ts';
import { requirePart } from './require-part.ts';

/** A route that swallows what is sent along it. */
export const blackhole: Fault = {
  name: 'blackhole',
  usage: '[--on r1] [--of 10.10.0.10/32]',
  summary: 'a route in a namespace swallows what is sent to a prefix',
  options: ['on', 'of'],
  plan: async (call) => {
    requirePart(call, 'namespaces');
    const { stage, option } = call;
    const namespace = option('on') ?? 'r1';
    const prefix = option('of') ?? '10.10.0.10/32';
    if (!namespaceNames.some((name) => name === namespace)) {
      throw new LabFailure(`--on ${namespace}: want one of ${namespaceNames.join(', ')}`);
    }
    const route = (verb: string, ...match: string[]): Command => [
      'ip',
      '-netns',
      stage.namespace(namespace),
      'route',
      verb,
      ...match,
    ];
    return {
      what: `${namespace} swallows what is sent to ${prefix}`,
      // Flushing what is not there is no error, deleting it would be.
      undo: [{ kind: 'command', command: route('flush', 'type', 'blackhole', 'exact', prefix) }],
      make: async () => void (await stage.run(route('add', 'blackhole', prefix))),
    };
  },
};
