import { parseRfc3339, toRfc3339, type TimeNs } from '../../base/time.ts';
import type { CheckpointFact, Exercise } from '../../model/checkpoint/checkpoint.ts';
import { verdictOf, type ProbeSample, type Verdict } from '../../model/health/verdict.ts';
import { goodTime } from './checkpoint-status.ts';

/** What is known at one moment of a soak. */
export interface SoakMoment {
  readonly now: TimeNs;
  readonly soakMs: number;
  /** Health checks and triggers of the checkpoint's components, asked just now. */
  readonly samples: readonly ProbeSample[];
  /** Incidents that are open on its components. */
  readonly openIncidents: readonly string[];
  /** Why the evidence since it was taken has a gap; absent when it has none. */
  readonly gap?: string;
  /** What ran since it was taken; absent when nobody knows. */
  readonly exercise?: Exercise;
}

/**
 * What a moment adds to the facts of a soaking checkpoint: nothing, a changed verdict, or the end.
 * Trouble ends a soak at once. No data is never good: a soak that saw no healthy sample, or had a
 * gap in its evidence, ends without the checkpoint becoming good. Pure.
 */
export function judgeSoak(
  facts: readonly CheckpointFact[],
  moment: SoakMoment,
): readonly CheckpointFact[] {
  const sealed = facts.find((fact) => fact.kind === 'sealed');
  if (sealed === undefined || facts.some((fact) => fact.kind === 'soak-ended')) return [];
  const takenAt = parseRfc3339(sealed.manifest.takenAt);
  if (takenAt === undefined) return [];
  const at = toRfc3339(moment.now);
  const verdict = verdictOf(moment.samples);
  const changed: readonly CheckpointFact[] =
    lastVerdict(facts) === verdict ? [] : [{ kind: 'soak-sample', at, verdict }];
  const trouble = troubleOf(sealed.manifest.verdict, verdict, moment);
  if (trouble !== undefined) {
    return [...changed, { kind: 'soak-ended', at, healthy: false, why: trouble }];
  }
  if (moment.now < goodTime(takenAt, moment.soakMs)) return changed;
  const all = [...facts, ...changed];
  const { exercise } = moment;
  const ran = exercise === undefined ? {} : { exercise };
  return [...changed, { kind: 'soak-ended', at, ...endOf(all, moment), ...ran }];
}

function troubleOf(atSeal: Verdict, now: Verdict, moment: SoakMoment): string | undefined {
  const [incident] = moment.openIncidents;
  if (incident !== undefined) return `${incident} was open during its soak`;
  if (atSeal === 'degraded' || atSeal === 'failed') return `health was ${atSeal} when it was taken`;
  if (now === 'healthy' || now === 'inconclusive') return undefined;
  const red = moment.samples.find((sample) => sample.color === 'red');
  return `health was ${now} during its soak: ${red?.check ?? ''} ${red?.seen ?? ''}`.trimEnd();
}

function endOf(
  facts: readonly CheckpointFact[],
  moment: SoakMoment,
): { readonly healthy: boolean; readonly why: string } {
  if (moment.gap !== undefined) return { healthy: false, why: `evidence has a gap: ${moment.gap}` };
  const sawHealth = facts.some((fact) => fact.kind === 'soak-sample' && fact.verdict === 'healthy');
  if (!sawHealth) return { healthy: false, why: 'no health check or trigger had data to judge by' };
  if (lastVerdict(facts) !== 'healthy')
    return { healthy: false, why: 'health was unclear at the end' };
  const checks = [...new Set(moment.samples.map((sample) => sample.check))];
  const named = checks.slice(0, 3).join(', ');
  const more = checks.length > 3 ? ` and ${checks.length - 3} more` : '';
  return { healthy: true, why: `healthy all through its soak: ${named}${more}` };
}

function lastVerdict(facts: readonly CheckpointFact[]): Verdict | undefined {
  return facts.findLast((fact) => fact.kind === 'soak-sample')?.verdict;
}
