import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { COMMANDS } from './command-list.ts';
import { makeProgram } from './program.ts';

/** What `--help` of a command prints. */
function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return help;
}

test('names that are given one option each are all of them taken', async () => {
  const seen: unknown[] = [];
  const program = makeProgram(
    () =>
      async (...args) =>
        void seen.push(args[1]),
    COMMANDS,
  );
  const words = ['rollback', 'plan', '--component', 'shop', '--component', 'mail,db'];
  await program.parseAsync(words, { from: 'user' });
  assert.partialDeepStrictEqual(seen, [{ component: 'shop,mail,db' }]);
});

test('every command that does something has an example in its help', () => {
  const leaves: Command[] = [];
  const walk = (command: Command): void => {
    if (command.commands.length === 0) leaves.push(command);
    for (const child of command.commands) walk(child);
  };
  walk(makeProgram(() => () => Promise.resolve(), COMMANDS));
  assert.ok(leaves.length > 30, `${leaves.length} commands were looked at`);
  for (const leaf of leaves) {
    assert.match(helpOf(leaf), /Examples?:\n {2}\$ lastgood /, leaf.name());
  }
});
