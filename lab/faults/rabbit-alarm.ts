import { rabbitmqctl } from '../parts/rabbitmq.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Command } from '../stage/thing.ts';
import type { Fault } from './fault.ts';
import { requirePart } from './require-part.ts';

/** What raises each alarm, and what RabbitMQ has without being told. */
const limits: Readonly<Record<string, { readonly tight: string[]; readonly usual: string[] }>> = {
  memory: {
    tight: ['set_vm_memory_high_watermark', '0.000001'],
    usual: ['set_vm_memory_high_watermark', '0.4'],
  },
  disk: {
    tight: ['set_disk_free_limit', '100000GB'],
    usual: ['set_disk_free_limit', '50MB'],
  },
};

/** A RabbitMQ that cannot be asked has forgotten it already. */
const unlessDead = 'set="$1 $2"; shift 2; "$@" $set || ! "$@" -q ping';

/** RabbitMQ raises an alarm for want of memory or disk and takes no more messages. */
export const rabbitAlarm: Fault = {
  name: 'rabbit-alarm',
  usage: Object.keys(limits).join('|'),
  summary: 'RabbitMQ raises an alarm for memory or disk and blocks who publishes',
  options: [],
  plan: async (call) => {
    requirePart(call, 'rabbitmq');
    const { stage, word = 'memory' } = call;
    const limit = limits[word];
    if (limit === undefined) {
      throw new LabFailure(`rabbit-alarm ${word}: want ${Object.keys(limits).join(' or ')}`);
    }
    const ctl = rabbitmqctl(stage);
    const undo: Command = ['sh', '-c', unlessDead, 'undo', ...limit.usual, ...ctl];
    return {
      what: `RabbitMQ has an alarm for ${word} and takes no message`,
      undo: [{ kind: 'command', command: undo }],
      make: async () => void (await stage.run([...ctl, ...limit.tight])),
    };
  },
};
