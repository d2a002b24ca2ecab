import { lgError } from '../../model/errors/lg-error.ts';
import type { CallAnswer } from '../../api/client.ts';
import { fromUnixMs, toRfc3339, toSecond } from '../../base/time.ts';
import { incidentUpdate } from '../../model/incident/incident-update.ts';
import { nextStep, nextWords } from '../../model/incident/next-step.ts';
import { addCall, textOption } from '../remote/call-command.ts';
import type { AddCommand } from '../invocation.ts';
import { announcedLines } from './rollback/announced-lines.ts';
import type { Screen } from '../screen/screen.ts';
import { harmless, harmlessLines, paint } from '../screen/paint.ts';
import { showTable } from '../screen/table.ts';

type Incident = CallAnswer<'incidentShow'>;

/** `lastgood incident …`: what is broken, since when, why, and what would help. */
export const addIncident: AddCommand = (program, bind) => {
  const incident = program.command('incident').description('incidents and their causes');
  addCall(incident, bind, {
    words: 'list',
    examples: ['incident list', 'incident list --state open,acknowledged'],
    about: 'incidents, newest first',
    options: [['--state <states>', 'only these states, separated by commas']],
    call: 'incidentList',
    input: (_args, options) => ({ ...stateOf(options['state']) }),
    show: ({ incidents }, screen) =>
      showTable(
        screen,
        'no incidents',
        ['ID', 'STATE', 'SINCE (UTC)', 'WHAT'],
        incidents.map((one) => [
          one.id,
          paint(screen, one.state === 'closed' ? 'dim' : 'bad', one.state),
          one.firstBadAt.slice(0, 19),
          harmless(one.title),
        ]),
      ),
  });
  addShow(incident, bind);
  addCall(incident, bind, {
    words: 'ack <id>',
    examples: ['incident ack inc_01m7y1zpt5xpkbmqgs'],
    about: 'say that you look after it',
    call: 'incidentAck',
    input: ([id = '']) => ({ id }),
    show: (answer, screen) => void screen.out(`${answer.id} is ${answer.state}`),
  });
  addCall(incident, bind, {
    words: 'close <id>',
    examples: ['incident close inc_01m7y1zpt5xpkbmqgs --reason "rolled back"'],
    about: 'close it with a reason',
    options: [['--reason <text>', 'why it is over']],
    call: 'incidentClose',
    input: ([id = ''], options) => {
      const reason = textOption(options['reason']) ?? '';
      if (reason !== '') return { id, reason };
      throw lgError('LG_RUNTIME_USAGE', 'why is it over? Say --reason TEXT');
    },
    show: (answer, screen) => void screen.out(`${answer.id} is ${answer.state}`),
  });
  addCall(incident, bind, {
    words: 'report <id>',
    examples: ['incident report inc_01m7y1zpt5xpkbmqgs > report.md'],
    about: 'the whole story as Markdown',
    call: 'incidentReport',
    input: ([id = '']) => ({ id }),
    show: ({ markdown }, screen) => void screen.out(harmlessLines(markdown.trimEnd())),
  });
};

function addShow(...[incident, bind]: Parameters<AddCommand>): void {
  addCall(incident, bind, {
    words: 'show <id>',
    examples: [
      'incident show inc_01m7y1zpt5xpkbmqgs',
      'incident show inc_01m7y1zpt5xpkbmqgs --format update',
    ],
    about: 'ranked suspects, evidence, the recommended checkpoint',
    options: [['--format <form>', 'five lines to paste into a chat', ['update']]],
    call: 'incidentShow',
    input: ([id = '']) => ({ id }),
    show: (answer, screen, options) => {
      if (options['format'] === undefined) showIncident(answer, screen);
      else {
        const now = toRfc3339(fromUnixMs(Date.now()));
        const lines = incidentUpdate({ ...answer, diagnosis: answer }, now);
        for (const line of lines) screen.out(harmless(line));
      }
      return undefined;
    },
  });
}

function stateOf(value: string | boolean | undefined): { readonly state?: string } {
  return typeof value === 'string' ? { state: value } : {};
}

function showIncident(incident: Incident, screen: Screen): void {
  const tone = incident.state === 'closed' ? 'dim' : 'bad';
  screen.out(`${paint(screen, 'strong', harmless(incident.title))}`);
  screen.out(`${incident.id}  ${paint(screen, tone, incident.state)}`);
  screen.out(`since ${toSecond(incident.firstBadAt)}, noticed ${toSecond(incident.openedAt)}`);
  for (const { text } of incident.duringRuns ?? []) {
    screen.out(paint(screen, 'warn', harmless(text)));
  }
  for (const { run, state, startedAt, requestedBy, components } of incident.besideRuns ?? []) {
    const began = `began ${toSecond(startedAt)} by ${requestedBy}, not for this incident`;
    screen.out(harmless(`rollback ${run} of ${components.join(', ')} ${began}: ${state}`));
  }
  screen.out('');
  if (incident.suspects.length === 0) screen.out('no suspects yet');
  for (const suspect of incident.suspects) {
    const score = suspect.score.toFixed(2);
    const name = paint(screen, 'strong', `${suspect.rank}. ${harmless(suspect.component)}`);
    screen.out(
      `${name}  ${suspect.verdict} ${score}  ${harmless(suspect.resource ?? '')}`.trimEnd(),
    );
    if (suspect.order !== undefined) screen.out(`     in time: ${harmless(suspect.order.text)}`);
    for (const reason of suspect.reasons) screen.out(`     ${harmless(reason.text)}`);
  }
  for (const line of byItself(incident)) screen.out(harmless(line));
  const { helps, why, checkpoint, runnerUp, whySecond } = incident.rollback;
  const helpTone = helps === 'yes' ? 'good' : helps === 'no' ? 'bad' : 'warn';
  screen.out('');
  if (incident.state === 'closed' || incident.state === 'verifying') {
    screen.out(`it is over; would a rollback have helped? ${helps}: ${harmless(why)}`);
    return;
  }
  screen.out(`would a rollback help? ${paint(screen, helpTone, helps)}: ${harmless(why)}`);
  if (checkpoint !== undefined) screen.out(`recommended checkpoint: ${checkpoint}`);
  if (runnerUp !== undefined) {
    const second = whySecond === undefined ? '' : `: ${harmless(whySecond)}`;
    screen.out(`second choice: ${runnerUp}${second}`);
  }
  const next = nextStep({ ...incident, advice: incident.rollback });
  if (next !== undefined) screen.out(nextWords(next));
}

/** What becomes of a rollback by itself, or why there is none; nothing where nobody wants one. */
function byItself({ automatic, id, state }: Incident): readonly string[] {
  if (automatic === undefined) return [];
  const { announced, calledOff, begunAt, reasons, asOf } = automatic;
  if (announced === undefined) {
    const said = asOf === undefined ? [] : [`  as of ${asOf.slice(11, 19)} UTC`];
    return ['', ...reasons.map((why) => `not by itself: ${why}`), ...said];
  }
  if (calledOff !== undefined) return ['', `by itself: called off, ${calledOff.why}`];
  if (begunAt !== undefined) {
    const again = 'a second one never begins by itself for an incident: a person decides';
    const isOpen = state === 'open' || state === 'acknowledged';
    return ['', `by itself: began at ${begunAt.slice(11, 19)} UTC`, ...(isOpen ? [again] : [])];
  }
  return ['', ...announcedLines({ incident: id, ...announced }, Date.now())];
}
