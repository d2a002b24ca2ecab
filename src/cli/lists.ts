import { addCall, textOption } from './call.ts';
import type { AddCommand, Screen } from './invocation.ts';
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
        'no components',
        ['COMPONENT', 'PRESENT', 'MISSING'],
        coverage.map((one) => [
          one.component,
          one.present.join(', ') || '-',
          paint(
            screen,
            one.missing.length === 0 ? 'good' : 'warn',
            one.missing.join(', ') || 'nothing',
          ),
        ]),
      ),
  });
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
