import { shellQuote } from '../../../base/shell-quote.ts';
import { reloadCommand, vtysh } from './frr-commands.ts';
import { frrSpec, type FrrSpec } from './frr-spec.ts';

/** Some lines only pass once others are gone. */
const ROUNDS = '1 2 3';

/**
 * What `reloadRunning` does, as lines for a shell: FRR's program is given a folder that it takes
 * for FRR's own, and the lines that are the present host's besides those of the checkpoint.
 */
export function frrByHand(
  spec: FrrSpec | undefined,
  folder: string,
  config: string,
): readonly string[] {
  const known = spec ?? frrSpec.parse({});
  const place = `${folder}/reload`;
  const beside = shellQuote(known.pathspace === undefined ? place : `${place}/${known.pathspace}`);
  const file = `${place}/frr.conf`;
  const own = [...vtysh(known), '-c', 'show running-config'];
  const reload = reloadCommand(known, '--reload', place, file);
  return [
    ...(spec === undefined
      ? ['# its settings are not known any more; of one FRR in its place:']
      : []),
    `mkdir -p ${beside} && : > ${beside}/vtysh.conf`,
    `${wordsOf(own)} | grep -E '^(frr version|hostname) ' > ${shellQuote(file)}`,
    `cat ${shellQuote(`${folder}/${config}`)} >> ${shellQuote(file)}`,
    `for round in ${ROUNDS}; do ${wordsOf(reload)} > /dev/null; done`,
  ];
}

function wordsOf(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}
