import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { RouteAnswer } from '../../../../src/api/contract.ts';
import { apiErrorOf, type ApiError } from '../../api/api-error.ts';
import { useCall } from '../../api/call.ts';
import type { TimelineRecord } from '../../api/types.ts';
import { apiFilterOf, type Filter } from '../filter.ts';
import type { TimeWindow } from '../range/time-range.ts';

/** Several screens of records; the next page comes while scrolling. */
const PAGE_RECORDS = 200;

/** Nobody scrolls further; a narrower filter is the better tool, and the browser stays quick. */
export const RECORDS_MAX = 10_000;

/** The records of a window, newest first, page by page. */
export interface Records {
  readonly records: readonly TimelineRecord[] | undefined;
  readonly error: ApiError | null;
  readonly isFetching: boolean;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly retry: () => void;
}

/** Reads the records of a window; a former window's stay until the new ones have come. */
export function useRecords(filter: Filter, window: TimeWindow): Records {
  const input = { ...apiFilterOf(filter, window), limit: PAGE_RECORDS };
  const call = useCall();
  const pages = useInfiniteQuery<
    RouteAnswer<'timeline'>,
    ApiError,
    { readonly pages: readonly RouteAnswer<'timeline'>[] },
    readonly unknown[],
    string | undefined
  >({
    queryKey: ['timeline', 'pages', input],
    queryFn: ({ pageParam, signal }) =>
      call(
        'timeline',
        pageParam === undefined ? input : { ...input, cursor: pageParam },
        signal,
      ).catch((error: unknown) => {
        throw apiErrorOf(error);
      }),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    // A window that moves on leaves a trail of former answers; they are worth nothing.
    gcTime: 10_000,
  });
  const fresh = useMemo(() => pages.data?.pages.flatMap((page) => page.records), [pages.data]);
  const [known, setKnown] = useState(fresh);
  if (fresh !== undefined && fresh !== known) setKnown(fresh);
  // When the daemon does not answer, what it said before is what there is to read.
  const records = fresh ?? (pages.error === null ? undefined : known);
  return {
    records,
    error: pages.error,
    isFetching: pages.isFetching,
    hasMore: pages.hasNextPage && (records?.length ?? 0) < RECORDS_MAX,
    more: () => void (pages.isFetchingNextPage || pages.fetchNextPage()),
    retry: () => void pages.refetch(),
  };
}
