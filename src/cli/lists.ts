import type { CallAnswer } from '../api/client.ts';
import { addCall, textOption } from './call.ts';
import type { AddCommand, Screen } from './invocation.ts';
import { distance } from './moment.ts';
import { harmless, paint } from './paint.ts';
import { renderTable } from './table.ts';

/** The commands that print one list of the daemon: sources, components, clocks and their kin. */
export const addLists: AddCommand = (program, bind) => {
  addInputs(program, bind);
  addTrust(program, bind);
  addJudgments(program, bind);
};

function table(
  screen: Screen,
  empty: string,
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): undefined {
  if (rows.length === 0) screen.out(empty);
  else for (const line of renderTable(headers, rows)) screen.out(line);
  return undefined;
}

function addInputs(...[program, bind]: Parameters<AddCommand>): void {
  addCall(program, bind, {
    words: 'sources',
    examples: ['sources'],
    about: 'what is collected, with health',
    call: 'sourceList',
    input: () => ({}),
    show: ({ sources }, screen) =>
      table(
        screen,
        'no sources',
        ['SOURCE', 'STATE', 'RECORDS', 'REJECTS', 'SHED', 'LAST', 'TARGET'],
        sources.map((one) => [
          one.id,
          paint(screen, one.state === 'running' ? 'good' : 'warn', one.state),
          `${one.records}`,
          `${one.rejects}`,
          `${one.shed}`,
          one.lastRecordAt?.slice(0, 19) ?? '-',
          `${one.target}${one.problem === undefined ? '' : `  ${harmless(one.problem)}`}`,
        ]),
      ),
  });
  addCall(program, bind, {
    words: 'components',
    examples: ['components', 'components --json'],
    about: 'the inventory',
    call: 'componentList',
    input: () => ({}),
    show: ({ components }, screen) =>
      table(
        screen,
        'no components; name them in lastgood.yaml',
        ['COMPONENT', 'KIND', 'DEPENDS ON', 'STATE', 'HEALTH'],
        components.map((one) => [
          one.name,
          one.kind,
          one.dependsOn.join(', ') || '-',
          one.state.join(', ') || '-',
          one.health.join(', ') || '-',
        ]),
      ),
  });
}

function addTrust(...[program, bind]: Parameters<AddCommand>): void {
  addCall(program, bind, {
    words: 'clocks',
    examples: ['clocks', 'clocks --explain db1'],
    about: 'clocks with their offset from ours and its error',
    options: [['--explain <host>', 'only this clock']],
    call: 'clockList',
    input: (_args, options) => {
      const clock = textOption(options['explain']);
      return clock === undefined ? {} : { clock };
    },
    show: ({ clocks }, screen) =>
      table(
        screen,
        'no clock has been related to ours yet',
        ['CLOCK', 'OFFSET ms', 'BOUND ms', 'METHOD'],
        clocks.map((one) => [
          harmless(one.clock),
          (one.offsetNs / 1e6).toFixed(3),
          one.boundNs === undefined ? 'unknown' : (one.boundNs / 1e6).toFixed(3),
          one.method,
        ]),
      ),
  });
  addCall(program, bind, {
    words: 'coverage',
    examples: ['coverage'],
    about: 'what each component sends and restores, and what is missing',
    call: 'coverageList',
    input: () => ({}),
    show: ({ coverage }, screen) =>
      table(
        screen,
        'no components; name them in lastgood.yaml',
        ['COMPONENT', 'WHAT', 'NEWEST (UTC)', 'GAP'],
        coverage.flatMap((one) => coverageRows(one, screen, Date.now())),
      ),
  });
}

/** A line for each thing that a component sends or lacks; its name stands once. */
function coverageRows(
  { component, present, missing, required }: CallAnswer<'coverageList'>['coverage'][number],
  screen: Screen,
  nowMs: number,
): readonly (readonly string[])[] {
  const sent = new Set(required.map(({ what }) => what));
  const rows = [
    ...required.map(({ what, lastAt }) =>
      lastAt === undefined
        ? [harmless(what), 'never', paint(screen, 'warn', 'required, none received')]
        : [harmless(what), lastAt.slice(0, 19), `last one ${distance(lastAt, nowMs)}`],
    ),
    ...present.filter((what) => !sent.has(what)).map((what) => [what, '-', '-']),
    ...missing
      .filter((what) => !sent.has(what.replace(/: none received$/, '')))
      .map((what) => [
        what.replace(/:.*/, ''),
        '-',
        paint(screen, 'warn', what.replace(/^.*?: /, '')),
      ]),
  ];
  return rows.map((row, index) => [index === 0 ? component : '', ...row]);
}

function addJudgments(...[program, bind]: Parameters<AddCommand>): void {
  addCall(program, bind, {
    words: 'signals',
    examples: ['signals'],
    about: 'what fired and cleared, newest first',
    call: 'signalList',
    input: () => ({}),
    show: ({ signals }, screen) =>
      table(
        screen,
        'no signals',
        ['AT (UTC)', 'PHASE', 'TRIGGER', 'COMPONENT', 'WHY'],
        signals.map((one) => [
          one.at.slice(0, 19),
          paint(screen, one.phase === 'raised' ? 'bad' : 'good', one.phase),
          one.trigger,
          harmless(one.component),
          harmless(one.reason),
        ]),
      ),
  });
  addCall(program, bind, {
    words: 'triggers',
    examples: ['triggers'],
    about: 'rules with what they see now',
    call: 'triggerList',
    input: () => ({}),
    show: ({ triggers }, screen) =>
      table(
        screen,
        'no triggers; name them in lastgood.yaml',
        ['TRIGGER', 'STATE', 'COMPONENT', 'VALUE', 'LIMIT'],
        triggers.map((one) => [
          one.name,
          paint(
            screen,
            one.state === 'firing' ? 'bad' : one.state === 'quiet' ? 'good' : 'warn',
            one.state,
          ),
          one.component ?? 'each',
          one.value?.toPrecision(4) ?? '-',
          `${one.limit ?? '-'}`,
        ]),
      ),
  });
  const trigger = program.command('trigger').description('one trigger in depth');
  addCall(trigger, bind, {
    words: 'explain <name>',
    examples: ['trigger explain errors'],
    about: 'what it read, what it saw, why it fired or not',
    call: 'triggerExplain',
    input: ([name = '']) => ({ name }),
    show: ({ triggers }, screen) => {
      for (const one of triggers)
        screen.out(`${one.component ?? one.name}: ${harmless(one.explanation)}`);
      return undefined;
    },
  });
}
