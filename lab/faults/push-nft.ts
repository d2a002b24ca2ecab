import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writtenConfig } from '../stage/written-config.ts';
import type { FaultCall, FaultPlan } from './fault.ts';
import { requirePart } from './require-part.ts';

/** The edge firewall forgets the shop's ports. */
export async function pushNft(call: FaultCall): Promise<FaultPlan> {
  requirePart(call, 'firewall');
  const { stage } = call;
  const good = await stage.run(['nft', '-s', 'list', 'ruleset'], { namespace: 'fw' });
  const saved = join(stage.partFolder(), 'ruleset.nft');
  writeFileSync(saved, `flush ruleset\n${good}`);
  const bad = writtenConfig('edge.nft').replace('{ 80, 443, 8080 }', '{ 80 }');
  const enter = ['ip', 'netns', 'exec', stage.namespace('fw')] as const;
  return {
    what: 'the firewall was pushed rules that drop the shop',
    undo: [{ kind: 'command', command: [...enter, 'nft', '-f', saved] }],
    make: async () => {
      const input = `delete table inet edge\n${bad}`;
      await stage.run(['nft', '-f', '-'], { namespace: 'fw', input });
    },
  };
}
