import type { CallAnswer } from '../../../api/client.ts';
import { counted } from '../../../base/counted.ts';
import { AUTOMATIC } from '../../../model/access/principal.ts';
import { nextStep, nextWords } from '../../../model/incident/next-step.ts';
import { addCall } from '../../remote/call-command.ts';
import type { AddCommand } from '../../invocation.ts';
import type { Screen } from '../../screen/screen.ts';
import { distance, moment, span } from '../../screen/moment.ts';
import { harmless, paint } from '../../screen/paint.ts';
import { unresolvedText } from '../../screen/unresolved-text.ts';
import { labeled, wrap } from '../../screen/wrap.ts';
import { announcedLines } from '../rollback/announced-lines.ts';
import { clockText, evidenceText, sourceText } from './evidence-text.ts';

type Status = CallAnswer<'status'>;

/** Health checks in trouble that are told in words; `components` tells all. */
const CHECKS_NAMED_MAX = 5;

/** Names of no component that are told in words; `coverage` tells all. */
const NAMES_TOLD_MAX = 3;

/** `lastgood status`: one screen. */
export const addStatus: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'status',
    examples: ['status', 'status --json | jq .health'],
    about: 'one screen: health, sources, last checkpoint, incidents, rollbacks',
    call: 'status',
    input: () => ({}),
    show: (status, screen) => {
      for (const line of statusLines(status, screen, Date.now())) screen.out(line);
      return undefined;
    },
    judge: ({ health, standing }) => (health === 'failed' || isTroubled(standing) ? 1 : 0),
  });
};

/** The status as it is printed; `nowMs` is the Unix time in milliseconds. */
export function statusLines(status: Status, screen: Screen, nowMs: number): readonly string[] {
  const { coverage, problems, version, startedAt, dataDirectory, keyFile } = status;
  const row = (label: string, text: string): readonly string[] =>
    labeled(label, text, screen.columns);
  const running = span(Math.max(nowMs - Date.parse(startedAt), 0));
  const parts = `${coverage.complete} of ${coverage.components} components complete`;
  const lacks = coverage.complete < coverage.components ? '; see lastgood coverage' : '';
  return [
    ...announcedFirst(status, screen, nowMs),
    ...wrap(headline(status, screen, nowMs), screen.columns),
    '',
    ...row('health', healthText(status, nowMs)),
    ...status.incidents.flatMap((incident) => {
      const { id, state, firstBadAt, title } = incident;
      const since = `${moment(firstBadAt, nowMs)} (${distance(firstBadAt, nowMs)})`;
      const next = nextStep(incident);
      const then = next === undefined ? '' : `\n${nextWords(next)}`;
      const text = `${id} ${state} since ${since}: ${harmless(title)}${then}`;
      return row(paint(screen, 'bad', 'incident'), text);
    }),
    ...status.runs.flatMap((run) => row(paint(screen, 'warn', 'rollback'), runText(run, nowMs))),
    ...holdText(status).flatMap((text) => row(paint(screen, 'bad', 'hold'), text)),
    ...problems.flatMap(({ what, mend }) =>
      row(paint(screen, 'warn', 'problem'), `${harmless(what)}\nmend: ${harmless(mend)}`),
    ),
    ...namesText(status, nowMs).flatMap((text) => row(paint(screen, 'warn', 'unresolved'), text)),
    ...row('checkpoints', checkpointText(status, nowMs)),
    ...row('evidence', evidenceText(status)),
    ...row('sources', sourceText(status, screen, nowMs)),
    ...row('clocks', clockText(status)),
    ...row('coverage', `${parts}${lacks}`),
    ...row('daemon', `lastgood ${version}, up ${running}, data in ${dataDirectory}`),
    ...row('key', `${keyFile}; keep a copy elsewhere`),
  ];
}

/** Before everything else: it is over in a minute, and somebody was woken by it. */
function announcedFirst({ announced }: Status, screen: Screen, nowMs: number): readonly string[] {
  return announced.flatMap((one) => {
    const [first = '', ...ways] = announcedLines(one, nowMs);
    const told = wrap(first, screen.columns).map((line) => paint(screen, 'bad', line));
    return [...told, ...ways, ''];
  });
}

/** Names that no component has, those with the most records first. */
function namesText({ unresolved }: Status, nowMs: number): readonly string[] {
  const shown = unresolved.slice(0, NAMES_TOLD_MAX).map((one) => unresolvedText(one, nowMs));
  const more = unresolved.length - shown.length;
  return more === 0 ? shown : [...shown, `${more} more; see lastgood coverage`];
}

/** The one line that is read at night. */
function headline(status: Status, screen: Screen, nowMs: number): string {
  const { health, standing, incidents, runs, problems, checkpoints } = status;
  const parts = [
    standingWords(status, nowMs),
    ...(incidents.length === 0 ? [] : [counted(incidents.length, 'open incident')]),
    ...(runs.length === 0 ? [] : [`${counted(runs.length, 'rollback')} under way`]),
    ...(problems.length === 0 ? [] : [counted(problems.length, 'problem')]),
  ];
  const isCalm = health === 'ok' && standing.verdict === 'healthy' && parts.length === 1;
  const isBad = health === 'failed' || isTroubled(standing) || incidents.length > 0;
  const tone = isCalm ? 'good' : isBad ? 'bad' : 'warn';
  return `${paint(screen, tone, parts.join(', '))}; ${goodText(checkpoints, nowMs)}`;
}

/** Whether what is watched is known to be in trouble. */
function isTroubled({ verdict }: Status['standing']): boolean {
  return verdict === 'failed' || verdict === 'degraded';
}

/** Healthy is said only of what was judged; the daemon's own trouble comes before that. */
function standingWords({ health, standing }: Status, nowMs: number): string {
  const { verdict, checks } = standing;
  if (health === 'failed') return health;
  const red = checks.filter(({ color }) => color === 'red');
  const [first] = red.toSorted((a, b) => ((a.since ?? '') < (b.since ?? '') ? -1 : 1));
  if (first !== undefined) {
    const names = [...new Set(red.map(({ component }) => component))].join(', ');
    return `unhealthy: ${names}${sinceWords(first.since, nowMs)}`;
  }
  if (health !== 'ok' || isTroubled(standing)) return 'degraded';
  if (verdict === 'healthy') return verdict;
  return standing.judgedBy === 0 ? 'nothing to judge by' : 'health unclear';
}

function sinceWords(since: string | undefined, nowMs: number): string {
  return since === undefined ? '' : ` since ${moment(since, nowMs)} (${distance(since, nowMs)})`;
}

/** Every check that is not green, with what follows from it; else what the verdict rests on. */
function healthText({ standing, incidents }: Status, nowMs: number): string {
  const lines = standing.checks
    .filter(({ color }) => color !== 'green')
    .map(({ check, component, color, seen, since, watchedBy }) => {
      const line = `${color}${sinceWords(since, nowMs)}: ${harmless(check)} ${harmless(seen)}`;
      const isKnown = incidents.some(({ components }) => components.includes(component));
      if (color !== 'red' || isKnown) return line;
      const names = watchedBy.join(', ');
      return watchedBy.length === 0
        ? `${line}\nno trigger watches ${component}: no incident is opened and nobody is told; ` +
            'see `triggers` in the configuration'
        : `${line}\nan incident is opened once a trigger fires: ${harmless(names)}`;
    });
  if (lines.length === 0) return harmless(standing.why);
  const more = lines.length - CHECKS_NAMED_MAX;
  const shown = lines.slice(0, CHECKS_NAMED_MAX);
  return [...shown, ...(more > 0 ? [`${more} more; see lastgood components`] : [])].join('\n');
}

/** Where one could go back to, or when that will be so. */
function goodText({ last, lastGood, next }: Status['checkpoints'], nowMs: number): string {
  if (lastGood !== undefined) {
    return `last good checkpoint ${moment(lastGood.takenAt, nowMs)} (${lastGood.id})`;
  }
  if (last === undefined) return 'no checkpoint yet';
  if (next?.goodAt === undefined) return 'no good checkpoint';
  const when = moment(next.goodAt, nowMs);
  return `no good checkpoint yet: ${next.id} becomes good at ${when} if health holds`;
}

function checkpointText({ checkpoints }: Status, nowMs: number): string {
  const { count, last, lastGood } = checkpoints;
  if (last === undefined) return 'none yet; take one now: lastgood checkpoint take';
  const total = counted(count, 'checkpoint');
  if (last.id === lastGood?.id) return `${total}, the newest is the last good one`;
  const reason = harmless(last.statusReason);
  const when = moment(last.takenAt, nowMs);
  return `${total}, newest ${last.id} of ${when}: ${statusWord(last)}${reason}`;
}

/** What only compares is never called restorable; its reason says that it compares. */
function statusWord({ status, compareOnly }: NonNullable<Status['checkpoints']['last']>): string {
  return compareOnly === true && status === 'restorable' ? '' : `${status}, `;
}

function runText(
  { run, state, deadline, onSilence, byHand, requestedBy, incident }: Status['runs'][number],
  nowMs: number,
): string {
  const until =
    deadline === undefined ? '' : `${moment(deadline, nowMs)} (${distance(deadline, nowMs)})`;
  const silence = onSilence === 'revert' ? 'goes back' : 'is kept only if it healed';
  const next =
    state === 'NEEDS_OPERATOR' || state === 'AWAITING_APPROVAL'
      ? `\n${state === 'NEEDS_OPERATOR' ? 'it needs you' : 'it waits for a second person'}: ` +
        `lastgood rollback status ${run}`
      : deadline === undefined
        ? ''
        : `, ${silence} unless confirmed by ${until}`;
  const byItself =
    requestedBy === AUTOMATIC ? ` began by itself for ${incident ?? 'trouble'},` : '';
  return [
    `${run}${byItself} ${state}${next}`,
    ...byHand.map((line) => `by hand: ${harmless(line)}`),
  ].join('\n');
}

function holdText({ hold }: Status): readonly string[] {
  if (!hold.on) return [];
  const why = harmless(hold.reason ?? 'no reason given');
  const armed = hold.armed.map((run) => `\nstill armed: ${run} reverts at its deadline`).join('');
  return [`every write is stopped: ${why}; go on: lastgood hold off${armed}`];
}
