import type { CallAnswer } from '../api/client.ts';
import { addCall } from './call.ts';
import type { AddCommand, Screen } from './invocation.ts';
import { harmless, paint } from './paint.ts';

type Status = CallAnswer<'status'>;

/** `lastgood status`: one screen. */
export const addStatus: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'status',
    about: 'one screen: health, sources, last checkpoint, incidents, rollbacks',
    call: 'status',
    input: () => ({}),
    show: (status, screen) => {
      for (const line of statusLines(status, screen)) screen.out(line);
      return undefined;
    },
    judge: ({ health }) => (health === 'failed' ? 1 : 0),
  });
};

function statusLines(status: Status, screen: Screen): readonly string[] {
  const tone = status.health === 'ok' ? 'good' : status.health === 'degraded' ? 'warn' : 'bad';
  return [
    `${paint(screen, tone, headline(status))}   lastgood ${status.version}`,
    '',
    ...checkpointLines(status),
    ...incidentLines(status, screen),
    ...runLines(status, screen),
    ...holdLines(status, screen),
    ...sourceLines(status, screen),
    `coverage     ${status.coverage.complete} of ${status.coverage.components} components complete`,
    `data         ${status.dataDirectory} (key: ${status.keyFile}; keep a copy elsewhere)`,
    ...status.problems.map(
      ({ what, mend }) =>
        `${paint(screen, 'warn', 'problem')}      ${harmless(what)}: ${harmless(mend)}`,
    ),
  ];
}

function headline(status: Status): string {
  const open = status.incidents.length;
  if (open > 0) return `${open} open incident${open === 1 ? '' : 's'}`;
  if (status.runs.length > 0) return 'a rollback is under way';
  return status.health === 'ok' ? 'healthy' : status.health;
}

function checkpointLines({ checkpoints }: Status): readonly string[] {
  const { count, last, lastGood } = checkpoints;
  if (last === undefined) return ['checkpoints  none yet'];
  const good =
    lastGood === undefined
      ? 'none is good yet'
      : `last good ${at(lastGood.takenAt)} ${lastGood.id}`;
  const newest =
    last.id === lastGood?.id ? '' : `; newest ${last.id} ${last.status}: ${last.statusReason}`;
  return [`checkpoints  ${count}, ${good}${newest}`];
}

function incidentLines({ incidents }: Status, screen: Screen): readonly string[] {
  return incidents.map(
    (one) =>
      `${paint(screen, 'bad', 'incident')}     ${one.id} ${one.state} since ${at(one.firstBadAt)}: ${harmless(one.title)}`,
  );
}

function runLines({ runs }: Status, screen: Screen): readonly string[] {
  return runs.flatMap((run) => [
    `${paint(screen, 'warn', 'rollback')}     ${run.run} ${run.state}${run.deadline === undefined ? '' : ` until ${at(run.deadline)}`}`,
    ...run.byHand.map((line) => `             by hand: ${harmless(line)}`),
  ]);
}

function holdLines({ hold }: Status, screen: Screen): readonly string[] {
  if (!hold.on) return [];
  return [
    `${paint(screen, 'bad', 'hold')}         every write is stopped: ${harmless(hold.reason ?? '')}`,
  ];
}

function sourceLines({ sources, store, evidence }: Status, screen: Screen): readonly string[] {
  const restarts = evidence.restarts === 0 ? '' : `, restarted ${evidence.restarts} times`;
  const records =
    store === undefined ? '' : `, ${store.records} records in ${store.segments} segments`;
  return [
    `evidence     ${evidence.state}${records}${restarts}`,
    ...sources.map((source) => {
      const tone = source.state === 'running' ? 'good' : 'warn';
      const last =
        source.lastRecordAt === undefined ? 'nothing yet' : `last ${at(source.lastRecordAt)}`;
      const why = source.problem === undefined ? '' : `  ${harmless(source.problem)}`;
      return `source       ${source.id} ${paint(screen, tone, source.state)} ${source.target}  ${source.records} records, ${last}${why}`;
    }),
  ];
}

/** UTC to the second: enough for a glance, unmistakable at night. */
function at(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)}Z`;
}
