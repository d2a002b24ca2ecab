import type { CallAnswer } from '../../api/client.ts';
import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { harmless, paint } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import { showTable } from '../screen/table.ts';

/** `lastgood sources`: what is collected, with health. */
export const addSources: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'sources',
    examples: ['sources'],
    about: 'what is collected, with health',
    call: 'sourceList',
    input: () => ({}),
    show: ({ sources }, screen) => showSources(sources, screen),
  });
};

type Source = CallAnswer<'sourceList'>['sources'][number];

/** A batch waits this long for the disk without anything being wrong. */
const LAG_TOLD_MS = 2_000;

/**
 * A line for each source; `-` where a source cannot see whether it missed something. Below them one
 * for each rule, with the newest that it left out.
 */
export function showSources(sources: readonly Source[], screen: Screen): undefined {
  const headers = ['SOURCE', 'STATE', 'RECORDS', 'LEFT-OUT', 'REJECTS', 'GAPS', 'SHED', 'REFUSED'];
  showTable(
    screen,
    'no sources',
    [...headers, 'BEHIND', 'LAST', 'TARGET'],
    sources.map((one) => [
      one.id,
      paint(screen, one.state === 'running' ? 'good' : 'warn', one.state),
      `${one.records}`,
      `${one.leftOut}`,
      `${one.rejects}`,
      one.gaps === undefined ? '-' : troubling(screen, one.gaps),
      troubling(screen, one.shed),
      troubling(screen, one.refused),
      one.lagMs < LAG_TOLD_MS ? '-' : paint(screen, 'warn', `${Math.round(one.lagMs / 1_000)} s`),
      one.lastRecordAt?.slice(0, 19) ?? '-',
      `${one.target}${one.problem === undefined ? '' : `  ${harmless(one.problem)}`}`,
    ]),
  );
  return showRules(sources, screen);
}

function troubling(screen: Screen, count: number): string {
  return paint(screen, count === 0 ? 'dim' : 'warn', `${count}`);
}

function showRules(sources: readonly Source[], screen: Screen): undefined {
  const rows = sources.flatMap(({ id, rules }) =>
    rules.map((rule) => [
      rule.name,
      id,
      rule.do,
      `${rule.leftOut}`,
      `${rule.written}`,
      rule.lastAt?.slice(0, 19) ?? '-',
      harmless(rule.example ?? '-'),
    ]),
  );
  if (rows.length === 0) return undefined;
  screen.out('');
  const headers = ['RULE', 'SOURCE', 'DOES', 'LEFT-OUT', 'WRITTEN', 'LAST', 'NEWEST LEFT OUT'];
  return showTable(screen, '', headers, rows);
}
