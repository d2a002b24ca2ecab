import type { PresenceEvidence } from '../../model/evidence/evidence-summary.ts';
import type { ProbeSample } from '../../model/health/verdict.ts';
import type { Clue } from './clue.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { farEnd, notReached } from './far-end.ts';
import { clock, msBetween, plural } from './wording.ts';

/** Words of a probe that say nobody is there at all. */
const GONE = /refused|unreachable|no route|not running|ECONNREFUSED|EHOST|ENOTFOUND/i;

/** Words of a probe that say nothing came back: of who is gone, hangs, or is only too slow. */
const MUTE = /no answer|timed? ?out|reset|ECONN|ETIMEDOUT/i;

/** Who answers so much of what is asked is slow, not dead, whatever one probe says. */
const SERVES_MIN = 0.5;

/** Three refused calls are 63 % of certainty, ten are 96 %: one may be a restart. */
const REFUSED_CALLS = 3;

/** A component that spoke in fewer of its time slices is often silent anyway. */
const ACTIVE_MIN = 0.8;

/** Shorter silence may be a late batch: OpenTelemetry SDKs send every five seconds. */
const SILENT_MS_MIN = 10_000;

/** Clues that a process is gone: refused connections, dead probes, silence, its own last words. */
export function deathClues(input: DiagnosisInput): readonly Clue[] {
  return [
    ...refusedClues(input),
    ...input.probes.flatMap((probe) => probeClue(input, probe)),
    ...input.evidence.presence.flatMap((one) => silenceClue(input, one)),
    ...crashClues(input),
  ];
}

/** Whether something shows that a component answers: a green probe, or good answers it gave. */
export function answers(input: DiagnosisInput, component: string): boolean {
  const probes = input.probes.filter((probe) => probe.component === component);
  if (probes.some((probe) => probe.color === 'green')) return true;
  if (probes.some((probe) => probe.color === 'red')) return false;
  const silence = input.evidence.presence.find((one) => one.component === component);
  if ((silence?.silentMs ?? Number.POSITIVE_INFINITY) >= SILENT_MS_MIN) return false;
  return input.evidence.operations.some(
    ({ component: name, during }) => name === component && during.calls > during.errors,
  );
}

/** Whether what failed last at that time fails no more; where nobody knows it, it still does. */
export function hasStopped({ incident }: DiagnosisInput, lastAt: string | undefined): boolean {
  if (lastAt === undefined) return false;
  return (msBetween(lastAt, incident.to) ?? 0) >= SILENT_MS_MIN;
}

/** Fewer calls than this may all have come after it was there again. */
const SERVED_CALLS_MIN = 5;

/** Whether somebody else's calls of it went well from the beginning of the incident to its end. */
export function servedAllThrough({ evidence }: DiagnosisInput, component: string): boolean {
  return evidence.edges.some(
    ({ to, during }) => to === component && during.calls >= SERVED_CALLS_MIN && during.errors === 0,
  );
}

/** Connections to one target that nobody took. */
interface Refused {
  readonly count: number;
  readonly callers: ReadonlySet<string>;
  readonly firstAt?: string;
  /** Absent as soon as it is not known of one caller. */
  readonly lastAt?: string;
}

function refusedClues(input: DiagnosisInput): readonly Clue[] {
  return [...refusedOf(input)].flatMap(([component, refused]): readonly Clue[] => {
    const { count, callers, firstAt, lastAt } = refused;
    const isThere = answers(input, component);
    // Who answers while others are refused is not gone; who answers afterwards may have been.
    const isBack = isThere && hasStopped(input, lastAt) && !servedAllThrough(input, component);
    if (isThere && !isBack) return [];
    const connections = `${plural(count, 'connection')} of ${[...callers].join(', ')}`;
    const since = firstAt === undefined ? '' : ` since ${clock(firstAt)}`;
    const from = firstAt === undefined ? '' : ` from ${clock(firstAt)}`;
    const until = lastAt === undefined ? '' : ` to ${clock(lastAt)}`;
    const when = isBack
      ? `${from}${until}: nobody listened there, and it answers again`
      : `${since}: nobody listens there`;
    return [
      {
        component,
        kind: 'dead',
        score: 0.95 * (1 - Math.exp(-count / REFUSED_CALLS)),
        text: `${component} took none of ${connections}${when}`,
        evidence: [],
        ...(firstAt === undefined ? {} : { firstAt }),
        ...(isBack ? { isBack } : {}),
      },
    ];
  });
}

/** Every connection that nobody took, by who should have. */
function refusedOf(input: DiagnosisInput): ReadonlyMap<string, Refused> {
  const counts = new Map<string, Refused>();
  const note = (
    target: string,
    caller: string,
    count: number,
    [firstAt, lastAt]: readonly (string | undefined)[],
  ): void => {
    if (count === 0 || caller === target) return;
    const known = counts.get(target);
    const first = [known?.firstAt, firstAt].filter((at) => at !== undefined).toSorted()[0];
    const isLastKnown = lastAt !== undefined && (known === undefined || known.lastAt !== undefined);
    const last = isLastKnown ? [known?.lastAt ?? lastAt, lastAt].toSorted()[1] : undefined;
    counts.set(target, {
      count: (known?.count ?? 0) + count,
      callers: new Set([...(known?.callers ?? []), caller]),
      ...(first === undefined ? {} : { firstAt: first }),
      ...(last === undefined ? {} : { lastAt: last }),
    });
  };
  const seen = new Set<string>();
  for (const edge of input.evidence.edges) {
    if (edge.during.refused > 0) seen.add(`${edge.from}\n${edge.to}`);
    note(edge.to, edge.from, edge.during.refused, [edge.firstErrorAt, edge.lastErrorAt]);
  }
  for (const refusal of input.evidence.refusals) {
    const target = input.addresses[refusal.target] ?? refusal.target;
    // Spans told the same calls already.
    if (seen.has(`${refusal.component}\n${target}`)) continue;
    note(target, refusal.component, refusal.count, [refusal.firstAt, refusal.lastAt]);
  }
  return counts;
}

function probeClue(input: DiagnosisInput, probe: ProbeSample): readonly Clue[] {
  if (probe.color !== 'red') return [];
  const far = farEnd(input, probe);
  if (far !== undefined) return notReached(probe, far);
  const isGone = GONE.test(probe.seen);
  const isMute = !isGone && MUTE.test(probe.seen) && !serves(input, probe.component);
  return [
    {
      component: probe.component,
      kind: isGone || isMute ? 'dead' : 'probe',
      score: isGone || isMute ? 0.8 : 0.4,
      text: `health check ${probe.check} of ${probe.component} is red: ${probe.seen}`,
      evidence: [],
      ...(isMute ? { isMute } : {}),
    },
  ];
}

/** Whether a component went on answering most of its calls until now. */
function serves({ evidence }: DiagnosisInput, component: string): boolean {
  const silence = evidence.presence.find((one) => one.component === component);
  if (silence !== undefined && silence.silentMs >= SILENT_MS_MIN) return false;
  const during = evidence.operations.filter((one) => one.component === component);
  const calls = during.reduce((sum, one) => sum + one.during.calls, 0);
  const errors = during.reduce((sum, one) => sum + one.during.errors, 0);
  return calls > 0 && calls - errors >= calls * SERVES_MIN;
}

/** Silence counts only where somebody still calls: who is not called has nothing to say. */
function silenceClue(input: DiagnosisInput, one: PresenceEvidence): readonly Clue[] {
  const isUsual = one.activeBefore < ACTIVE_MIN || one.recordsBefore === 0;
  if (isUsual || one.silentMs < SILENT_MS_MIN || answers(input, one.component)) return [];
  const into = input.evidence.edges.filter(({ to }) => to === one.component);
  const isCalled = into.some(({ during }) => during.calls > 0 || during.served > 0);
  if (into.length > 0 && !isCalled) return [];
  return [
    {
      component: one.component,
      kind: 'dead',
      score: (isCalled ? 0.6 : 0.35) * one.activeBefore,
      text:
        `${one.component} has sent nothing since ${clock(one.lastSeenAt)}` +
        `; before: ${plural(one.recordsBefore, 'record')}`,
      evidence: [],
      firstAt: one.lastSeenAt,
      isMute: true,
    },
  ];
}

const CRASH = new Set(['process.crashed', 'process.oom_killed', 'host.crashed', 'host.shutdown']);

function crashClues(input: DiagnosisInput): readonly Clue[] {
  const { evidence } = input;
  return evidence.events
    .filter(({ eventName, at }) => CRASH.has(eventName) && at >= evidence.baselineFrom)
    .map((event) => ({
      component: event.component,
      kind: 'dead',
      score: 0.6,
      text: `${event.component} reported ${event.eventName} at ${clock(event.at)}: ${event.text}`,
      evidence: [],
      firstAt: event.at,
      ...(answers(input, event.component) ? { isBack: true } : {}),
    }));
}
