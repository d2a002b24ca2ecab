import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { callApi } from '../api/call.ts';
import type { DensityBucket, TimelineRecord } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Problem } from '../part/problem.tsx';
import { apiErrorOf } from '../api/api-error.ts';
import { Crosshair } from './crosshair.tsx';
import { DensityStrip } from './density-strip.tsx';
import { apiFilterOf, type Filter } from './filter.ts';
import { HeatLane } from './heat-lane.tsx';
import { MarkLane } from './mark-lane.tsx';
import { TimeAxis } from './time-axis.tsx';
import { bucketMsOf, type TimeWindow } from './time-range.ts';
import { useMarks } from './use-marks.ts';

interface OverviewProps {
  readonly filter: Filter;
  readonly window: TimeWindow;
  readonly onBrush: (from: number, to: number) => void;
  readonly onOpen?: (record: TimelineRecord) => void;
}

/** More lanes than this push the records out of sight. */
const LANES_MAX = 8;

/** The strip, the changes and checkpoints, and a lane for each component, on one axis of time. */
export function Overview({ filter, window, onBrush, onOpen }: OverviewProps) {
  const bucketMs = bucketMsOf(window);
  const bucket = `${bucketMs}ms`;
  const density = useApi(
    'timelineDensity',
    { ...apiFilterOf(filter, window), bucket },
    { keep: true },
  );
  const marks = useMarks(filter, window);
  const lanes = useLanes(filter, window, bucket);
  return (
    <section className="overview card" aria-label="Overview">
      {density.error !== null && (
        <Problem error={density.error} retry={() => void density.refetch()} />
      )}
      <Crosshair window={window} onBrush={onBrush}>
        <DensityStrip
          buckets={density.data?.buckets}
          bucketMs={density.data?.bucketMs ?? bucketMs}
          window={window}
        />
        <MarkLane marks={marks} window={window} onOpen={onOpen} />
        {lanes.map(({ name, buckets }) => (
          <HeatLane key={name} name={name} buckets={buckets} bucketMs={bucketMs} window={window} />
        ))}
        <TimeAxis window={window} />
      </Crosshair>
    </section>
  );
}

interface Lane {
  readonly name: string;
  readonly buckets: readonly DensityBucket[] | undefined;
}

/** The density of each component in sight, one call each. */
function useLanes(filter: Filter, window: TimeWindow, bucket: string): readonly Lane[] {
  const components = useApi('componentList', {}, { everyMs: 30_000 });
  const all = (components.data?.components ?? []).map(({ name }) => name);
  const names = (filter.components.length > 0 ? filter.components : all).slice(0, LANES_MAX);
  const answers = useQueries({
    queries: names.map((name) => {
      const input = { ...apiFilterOf({ ...filter, components: [name] }, window), bucket };
      return {
        queryKey: ['timelineDensity', input] as const,
        queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
          callApi('timelineDensity', input, signal).catch((error: unknown) => {
            throw apiErrorOf(error);
          }),
        placeholderData: keepPreviousData,
      };
    }),
  });
  return names.map((name, at) => ({ name, buckets: answers[at]?.data?.buckets }));
}
