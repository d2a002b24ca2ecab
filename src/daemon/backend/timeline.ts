import type { ApiBackend } from '../../api/backend.ts';
import { timelineFilterOf, timelineQueryOf } from '../../api/contract.ts';
import { ok } from '../../base/result.ts';
import type { Core } from '../core.ts';

/** Calls that read the timeline; the evidence process answers them. */
export function timelineCalls({
  evidence,
}: Pick<Core, 'evidence'>): Pick<ApiBackend, 'timeline' | 'timelineDensity' | 'signalFeatures'> {
  return {
    timeline: (_caller, input) => evidence.query(timelineQueryOf(input)),
    timelineDensity: async (_caller, { bucket, ...filter }) => {
      const buckets = await evidence.density(timelineFilterOf(filter), bucket);
      return buckets.ok ? ok({ bucketMs: bucket, buckets: buckets.value }) : buckets;
    },
    signalFeatures: async (_caller, { bucket, ...filter }) => {
      const rows = await evidence.features(timelineFilterOf(filter), bucket);
      return rows.ok ? ok({ bucketMs: bucket, rows: rows.value }) : rows;
    },
  };
}
