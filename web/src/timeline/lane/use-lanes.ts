import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { apiErrorOf } from '../../api/api-error.ts';
import { useCall } from '../../api/call.ts';
import { useApi } from '../../api/use-api.ts';
import { useComponentHealth } from '../../status/use-component-health.ts';
import { useNow } from '../../time/use-now.ts';
import { apiFilterOf, type Filter } from '../filter.ts';
import type { LaneCounts } from './lane-table.tsx';
import { bucketMsOf, type TimeWindow } from '../range/time-range.ts';

/** The lanes in sight, and how many components there are beyond them. */
export interface Lanes {
  readonly lanes: readonly LaneCounts[];
  readonly hidden: number;
}

/** Broken components come first only as fast as a person can read; lanes must not jump about. */
const RANK_STEP_MS = 15_000;

/** The density of at most `most` components, the broken ones first, one call each. */
export function useLanes(filter: Filter, window: TimeWindow, most: number): Lanes {
  const call = useCall();
  const status = useApi('status', {});
  const all = useComponentHealth(status.data, useNow(RANK_STEP_MS)).map(({ name }) => name);
  const wanted = filter.components.length > 0 ? filter.components : all;
  const names = wanted.slice(0, most);
  const bucketMs = bucketMsOf(window);
  const answers = useQueries({
    queries: names.map((name) => {
      const input = {
        ...apiFilterOf({ ...filter, components: [name] }, window),
        bucket: `${bucketMs}ms`,
      };
      return {
        queryKey: ['timelineDensity', input] as const,
        queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
          call('timelineDensity', input, signal).catch((error: unknown) => {
            throw apiErrorOf(error);
          }),
        placeholderData: keepPreviousData,
      };
    }),
  });
  const lanes = names.map((name, at) => {
    const data = answers[at]?.data;
    return { name, buckets: data?.buckets, bucketMs: data?.bucketMs ?? bucketMs };
  });
  return { lanes, hidden: wanted.length - names.length };
}
