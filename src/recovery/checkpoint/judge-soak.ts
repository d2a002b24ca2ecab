import { formatDuration, parseRfc3339, toRfc3339, toUnixMs, type TimeNs } from '../../base/time.ts';
import type { CheckpointFact, Exercise } from '../../model/checkpoint/checkpoint.ts';
import { verdictOf, type ProbeSample, type Verdict } from '../../model/health/verdict.ts';
import { unclearMs, wellTime } from './soak-clarity.ts';

/** How much longer than planned a soak may last that was unclear for a while; or twice as long. */
const LONGER_MS_MAX = 60_000;

const SECOND_MS = 1_000;

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
  /** Since when nobody had looked; absent when it was watched all the time. */
  readonly unwatchedSince?: TimeNs;
}

/**
 * What a moment adds to the facts of a soaking checkpoint: nothing, a changed verdict, or the end.
 * Trouble ends a soak at once. No data is never good: a soak that saw no healthy sample, or had a
 * gap in its evidence, ends without the checkpoint becoming good; one that was unclear for a while
 * goes on until it has been seen to be well for its whole length, but not for ever. Pure.
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
  const seen = [...facts, ...missedOf(facts, takenAt, moment.unwatchedSince)];
  const changed: readonly CheckpointFact[] = [
    ...seen.slice(facts.length),
    ...(lastVerdict(seen) === verdict ? [] : [{ kind: 'soak-sample', at, verdict } as const]),
  ];
  const trouble = troubleOf(sealed.manifest.verdict, verdict, moment);
  if (trouble !== undefined) {
    return [...changed, { kind: 'soak-ended', at, healthy: false, why: trouble }];
  }
  if (moment.now < wellTime(takenAt, moment.soakMs, 0)) return changed;
  const end = endOf([...facts, ...changed], takenAt, moment);
  if (end === undefined) return changed;
  const { exercise } = moment;
  const ran = exercise === undefined ? {} : { exercise };
  return [...changed, { kind: 'soak-ended', at, ...end, ...ran }];
}

/** What nobody saw was neither well nor bad. */
function missedOf(
  facts: readonly CheckpointFact[],
  takenAt: TimeNs,
  since: TimeNs | undefined,
): readonly CheckpointFact[] {
  const last = lastVerdict(facts) ?? 'healthy';
  if (since === undefined || last !== 'healthy') return [];
  const at = toRfc3339(since > takenAt ? since : takenAt);
  return [{ kind: 'soak-sample', at, verdict: 'inconclusive' }];
}

function troubleOf(atSeal: Verdict, now: Verdict, moment: SoakMoment): string | undefined {
  const [incident] = moment.openIncidents;
  if (incident !== undefined) return `${incident} was open during its soak`;
  if (atSeal === 'degraded' || atSeal === 'failed') return `health was ${atSeal} when it was taken`;
  if (now === 'healthy' || now === 'inconclusive') return undefined;
  const red = moment.samples.find((sample) => sample.color === 'red');
  return `health was ${now} during its soak: ${red?.check ?? ''} ${red?.seen ?? ''}`.trimEnd();
}

/** How a soak that lasted long enough ends; undefined while it must go on. */
function endOf(
  facts: readonly CheckpointFact[],
  takenAt: TimeNs,
  moment: SoakMoment,
): { readonly healthy: boolean; readonly why: string } | undefined {
  const { gap, now, soakMs } = moment;
  if (gap !== undefined) return { healthy: false, why: `evidence has a gap: ${gap}` };
  const sawHealth = facts.some((fact) => fact.kind === 'soak-sample' && fact.verdict === 'healthy');
  if (!sawHealth) return { healthy: false, why: 'no health check or trigger had data to judge by' };
  const unclear = unclearMs(facts, now);
  if (lastVerdict(facts) !== 'healthy' || now < wellTime(takenAt, soakMs, unclear)) {
    const lastedMs = toUnixMs(now) - toUnixMs(takenAt);
    if (lastedMs < soakMs + Math.max(soakMs, LONGER_MS_MAX)) return undefined;
    const why = `health was unclear for ${span(unclear)} of ${span(lastedMs)}`;
    return { healthy: false, why };
  }
  const checks = [...new Set(moment.samples.map((sample) => sample.check))];
  const named = checks.slice(0, 3).join(', ');
  const more = checks.length > 3 ? ` and ${checks.length - 3} more` : '';
  const seen =
    unclear < SECOND_MS
      ? 'all through its soak'
      : `for ${span(soakMs)}, unclear for ${span(unclear)}`;
  return { healthy: true, why: `healthy ${seen}: ${named}${more}` };
}

function span(ms: number): string {
  return formatDuration(Math.round(ms / SECOND_MS) * SECOND_MS);
}

function lastVerdict(facts: readonly CheckpointFact[]): Verdict | undefined {
  return facts.findLast((fact) => fact.kind === 'soak-sample')?.verdict;
}
