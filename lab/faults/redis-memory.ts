import { inDc } from '../parts/data-center.ts';
import type { Command } from '../stage/thing.ts';
import type { Fault } from './fault.ts';
import { requirePart } from './require-part.ts';

/** Less than Redis needs for itself, so that there is never room for a key. */
const bytesMax = '1mb';

/**
 * Somebody gives Redis less memory than it needs, so it refuses to write. With eviction it would be
 * the same: all keys of the shop weigh less than what Redis keeps for its clients.
 */
export const redisMemory: Fault = {
  name: 'redis-memory',
  usage: '',
  summary: 'Redis may use no more memory and refuses to write',
  options: [],
  plan: async (call) => {
    requirePart(call, 'redis');
    const { stage } = call;
    const before = await stage.run(['redis-cli', '--raw', 'CONFIG', 'GET', 'maxmemory'], inDc);
    const pairs = before.trim().split('\n');
    const redisCli = ['ip', 'netns', 'exec', stage.namespace(inDc.namespace), 'redis-cli'];
    // A Redis that does not run has forgotten it already.
    const unlessDead = '"$@" || ! "$1" "$2" "$3" "$4" "$5" PING';
    const set = (words: readonly string[]): Command => [
      'sh',
      '-c',
      unlessDead,
      'set',
      ...redisCli,
      'CONFIG',
      'SET',
      ...words,
    ];
    return {
      what: `Redis may use ${bytesMax} of memory`,
      undo: [{ kind: 'command', command: set(pairs) }],
      make: async () => {
        await stage.run(set(['maxmemory', bytesMax]));
      },
    };
  },
};
