import type { CallAnswer } from '../api/client.ts';
import { addCall } from './call.ts';
import type { AddCommand, Screen } from './invocation.ts';
import { harmless, paint } from './paint.ts';

type Status = CallAnswer<'status'>;

/** `lastgood status`: one screen. */
export const addStatus: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'status',
    examples: ['status', 'status --json | jq .health'],
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
  const { health, problems } = status;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${health === 'ok' ? 'healthy' : health}${problems.length === 0 ? '' : `, ${count}`}`;
}

function checkpointLines({ checkpoints }: Status): readonly string[] {
  const { count, last, lastGood } = checkpoints;
  if (last === undefined) return ['checkpoints  none yet'];
  const good =
    lastGood === undefined
      ? 'none is good yet'
      : `last good ${at(lastGood.takenAt)} ${lastGood.id}`;
  const newest =
    last.id === lastGood?.id ? '' : `; newest ${last.id} ${statusWord(last)}${last.statusReason}`;
  return [`checkpoints  ${count}, ${good}${newest}`];
}

/** What only compares is never called restorable; its reason says that it compares. */
function statusWord({ status, compareOnly }: NonNullable<Status['checkpoints']['last']>): string {
  return compareOnly === true && status === 'restorable' ? '' : `${status}: `;
}

function incidentLines({ incidents }: Status, screen: Screen): readonly string[] {
  return incidents.map(({ id, state, firstBadAt, title }) => {
    const mark = paint(screen, 'bad', 'incident');
    return `${mark}     ${id} ${state} since ${at(firstBadAt)}: ${harmless(title)}`;
  });
}

function runLines({ runs }: Status, screen: Screen): readonly string[] {
  return runs.flatMap(({ run, state, deadline, byHand }) => {
    const until = deadline === undefined ? '' : ` until ${at(deadline)}`;
    return [
      `${paint(screen, 'warn', 'rollback')}     ${run} ${state}${until}`,
      ...byHand.map((line) => `             by hand: ${harmless(line)}`),
    ];
  });
}

function holdLines({ hold }: Status, screen: Screen): readonly string[] {
  if (!hold.on) return [];
  const why = harmless(hold.reason ?? '');
  return [`${paint(screen, 'bad', 'hold')}         every write is stopped: ${why}`];
}

function sourceLines({ sources, store, evidence }: Status, screen: Screen): readonly string[] {
  const { state, restarts } = evidence;
  const often = restarts === 0 ? '' : `, restarted ${restarts} times`;
  const stored =
    store === undefined ? '' : `, ${store.records} records in ${store.segments} segments`;
  return [
    `evidence     ${state}${stored}${often}`,
    ...sources.map((source) => sourceLine(source, screen)),
  ];
}

function sourceLine(source: Status['sources'][number], screen: Screen): string {
  const { id, state, target, records, lastRecordAt, problem } = source;
  const mark = paint(screen, state === 'running' ? 'good' : 'warn', state);
  const last = lastRecordAt === undefined ? 'nothing yet' : `last ${at(lastRecordAt)}`;
  const why = problem === undefined ? '' : `  ${harmless(problem)}`;
  return `source       ${id} ${mark} ${target}  ${records} records, ${last}${why}`;
}

/** UTC to the second: enough for a glance, unmistakable at night. */
function at(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)}Z`;
}
