import type { Stage } from '../stage/stage.ts';
import type { Command, Undo } from '../stage/thing.ts';

/** A table of nftables that holds one fault: to the firewall a change as any other. */
export type OwnTable = {
  readonly undo: Undo;
  readonly make: () => Promise<void>;
};

/** Plans a table (`inet lab_x`) with one chain of one rule in a namespace. */
export function ownTable(
  stage: Stage,
  namespace: string,
  { table, hook, rule }: { readonly table: string; readonly hook: string; readonly rule: string },
): OwnTable {
  const nft = (words: string): Command => [
    'ip',
    'netns',
    'exec',
    stage.namespace(namespace),
    'nft',
    words,
  ];
  return {
    // Adding it first makes the deletion good whether it is there or not.
    undo: { kind: 'command', command: nft(`add table ${table}; delete table ${table}`) },
    make: async () => {
      await stage.run(
        nft(`table ${table} { chain fault { type filter hook ${hook}; ${rule}; }; }`),
      );
    },
  };
}
