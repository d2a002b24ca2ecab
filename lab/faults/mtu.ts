import type { Command } from '../stage/thing.ts';
import { deviceOf, nameOf } from './device-of.ts';
import type { Fault } from './fault.ts';
import { requirePart } from './require-part.ts';

/** What virtual Ethernet devices begin with. */
const usualBytes = '1500';

/** The device passes small packets only. */
export const mtu: Fault = {
  name: 'mtu',
  usage: '[--on r1/ge1] [--bytes 600]',
  summary: 'the device passes small packets only',
  options: ['on', 'bytes'],
  plan: async (call) => {
    requirePart(call, 'namespaces');
    const { stage, option } = call;
    const end = deviceOf(option('on') ?? 'r1/ge1');
    const bytes = option('bytes') ?? '600';
    const set = (value: string): Command => [
      'ip',
      '-netns',
      stage.namespace(end.namespace),
      'link',
      'set',
      end.device,
      'mtu',
      value,
    ];
    return {
      what: `${nameOf(end)} passes packets up to ${bytes} bytes`,
      undo: [{ kind: 'command', command: set(usualBytes) }],
      make: async () => void (await stage.run(set(bytes))),
    };
  },
};
