import { routes } from '../parts/topology.ts';
import type { Command, Undo } from '../stage/thing.ts';
import { deviceOf, nameOf } from './device-of.ts';
import type { Fault } from './fault.ts';
import { requirePart } from './require-part.ts';

/** The device goes down and its peer loses the carrier. */
export const linkDown: Fault = {
  name: 'link-down',
  usage: '[--on r1/ge1]',
  summary: 'the device is set down; its peer loses the carrier',
  options: ['on'],
  plan: async (call) => {
    requirePart(call, 'namespaces');
    const { stage, option } = call;
    const end = deviceOf(option('on') ?? 'r1/ge1');
    const ip = (...words: string[]): Command => [
      'ip',
      '-netns',
      stage.namespace(end.namespace),
      ...words,
    ];
    // The kernel forgets the static routes through a device that goes down.
    const own = routes.filter(({ namespace }) => namespace === end.namespace);
    const up: readonly Undo[] = [
      { kind: 'command', command: ip('link', 'set', end.device, 'up') },
      ...own.map(({ to, via }): Undo => ({
        kind: 'command',
        command: ip('route', 'replace', to, 'via', via),
      })),
    ];
    return {
      what: `${nameOf(end)} is down`,
      undo: up,
      make: async () => void (await stage.run(ip('link', 'set', end.device, 'down'))),
    };
  },
};
