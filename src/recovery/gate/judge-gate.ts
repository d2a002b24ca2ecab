import type { GateInput, GateJudgement } from '../../model/run/gate.ts';
import type { GateCheck } from '../../model/run/plan.ts';
import type { ProbeColor, ProbeSample } from '../../model/health/verdict.ts';

/**
 * Judges a rollback by its checks. A guard that was red before the run and is no goal cannot fail
 * it and is listed instead (kubernetes-nmstate#510); every other guard and every goal must be green
 * in each of the last N rounds. A guard that was green before and red in each of them has failed
 * it: waiting on would let the harm last. A check without an answer is no data, which is never good
 * and never proves harm.
 */
export function judgeGate(input: GateInput): GateJudgement {
  const before = colors(input.baseline);
  const goals = new Set(input.checks.filter(({ role }) => role === 'goal').map(nameOf));
  const names = [...new Set(input.checks.map(nameOf))];
  const notJudged = names.filter((name) => before.get(name) === 'red' && !goals.has(name));
  const required = names.filter((name) => !notJudged.includes(name));
  const rounds = input.rounds.slice(-input.samples).map(colors);
  const isEnough = rounds.length >= input.samples;
  const isAlways = (color: ProbeColor, name: string): boolean =>
    isEnough && rounds.every((round) => round.get(name) === color);
  if (required.length === 0) return { kind: 'passed', notJudged };
  const lost = required.find(
    (name) => !goals.has(name) && before.get(name) === 'green' && isAlways('red', name),
  );
  if (lost !== undefined) return { kind: 'failed', why: seenOf(lost, input) };
  if (required.every((name) => isAlways('green', name))) {
    const wasSick = [...goals].some((name) => before.get(name) === 'red');
    return wasSick ? { kind: 'passed', healed: true, notJudged } : { kind: 'passed', notJudged };
  }
  return waiting(input, required, goals);
}

function waiting(
  input: GateInput,
  required: readonly string[],
  goals: ReadonlySet<string>,
): GateJudgement {
  const last = input.rounds.at(-1) ?? [];
  const now = colors(last);
  const is = (color: ProbeColor) => (name: string) => (now.get(name) ?? 'unknown') === color;
  const seen = (name: string): string => seenOf(name, input);
  const red = required.filter(is('red'));
  const guard = red.find((name) => !goals.has(name));
  if (guard !== undefined) return { kind: 'waiting', because: 'guard-red', why: seen(guard) };
  const [goal] = red;
  if (goal !== undefined) return { kind: 'waiting', because: 'goal-not-green', why: seen(goal) };
  const dark = required.find(is('unknown'));
  if (dark !== undefined) return { kind: 'waiting', because: 'no-data', why: seen(dark) };
  const why = `${input.samples} rounds in a row are needed`;
  return { kind: 'waiting', because: 'too-few-rounds', why };
}

/** What the last round saw of a check; of two answers the worse. */
function seenOf(name: string, { rounds }: GateInput): string {
  const samples = (rounds.at(-1) ?? []).filter(({ check }) => check === name);
  const worst = samples.find(({ color }) => color === 'red') ?? samples[0];
  return `${name}: ${worst?.seen ?? 'no answer'}`;
}

function nameOf(check: GateCheck): string {
  return check.check;
}

/** The color of each check of a round; of two samples of one check the worse counts. */
function colors(round: readonly ProbeSample[]): ReadonlyMap<string, ProbeColor> {
  const rank = { green: 0, unknown: 1, red: 2 } as const;
  const found = new Map<string, ProbeColor>();
  for (const { check, color } of round) {
    const known = found.get(check);
    if (known === undefined || rank[color] > rank[known]) found.set(check, color);
  }
  return found;
}
