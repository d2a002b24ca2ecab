import type { Stage } from '../stage/stage.ts';
import type { Command, Undo } from '../stage/thing.ts';

/** A table of nftables that holds one fault: to the firewall a change as any other. */
export type OwnTable = {
  readonly undo: Undo;
  readonly make: () => Promise<void>;
};

/** What a table is called, where its chain hooks in, and its rule, in the words of nft. */
export interface TableWords {
  readonly table: string;
  readonly hook: string;
  readonly rule: string;
}

/** Plans a table (`inet lab_x`) with one chain of one rule in a namespace. */
export function ownTable(
  stage: Stage,
  namespace: string,
  { table, hook, rule }: TableWords,
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
