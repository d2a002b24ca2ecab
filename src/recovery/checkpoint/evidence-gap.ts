import { addMs, parseRfc3339, type TimeNs } from '../../base/time.ts';
import type { CheckpointManifest, SourceWatermark } from '../../model/checkpoint/checkpoint.ts';
import type { SourceStatus } from '../../model/evidence/store-status.ts';

/** What the evidence plane says of its sources at the end of a soak. */
export interface CollectionNow {
  readonly sources: readonly SourceStatus[];
  readonly watermarks: readonly SourceWatermark[];
}

/**
 * Why the evidence since a checkpoint was taken is not whole, in words: a source lost records, does
 * not run, or fell silent although it spoke within a soak before. Undefined when nothing is known
 * to be missing. Pure.
 */
export function evidenceGap(
  { takenAt, watermarks }: Pick<CheckpointManifest, 'takenAt' | 'watermarks'>,
  soakMs: number,
  now: CollectionNow,
): string | undefined {
  const taken = parseRfc3339(takenAt);
  if (taken === undefined) return undefined;
  const marks = new Map(now.watermarks.map((mark) => [mark.source, mark]));
  for (const { source, gapAt } of now.watermarks) {
    const lost = timeOf(gapAt);
    if (lost !== undefined && lost >= taken) return `${source} lost records at ${gapAt}`;
  }
  const before = new Map(watermarks.map((mark) => [mark.source, mark]));
  for (const status of now.sources) {
    const { id, state, problem } = status;
    if (state === 'failed')
      return `${id} does not run${problem === undefined ? '' : `: ${problem}`}`;
    if (fellSilent(status, timeOf(before.get(id)?.time), timeOf(marks.get(id)?.time))) {
      const spoke = timeOf(before.get(id)?.time);
      if (spoke !== undefined && spoke >= addMs(taken, -soakMs)) {
        return `${id} told nothing since ${before.get(id)?.time}`;
      }
    }
  }
  return undefined;
}

/** What has read everything there is did not fall silent: there was nothing to tell. */
function fellSilent(
  { state, caughtUp }: SourceStatus,
  before: TimeNs | undefined,
  now: TimeNs | undefined,
): boolean {
  if (state === 'off' || caughtUp === true || before === undefined) return false;
  return now === undefined || now <= before;
}

function timeOf(text: string | undefined): TimeNs | undefined {
  return text === undefined ? undefined : parseRfc3339(text);
}
