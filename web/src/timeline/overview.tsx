import { useState } from 'react';
import type { TimelineRecord } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Problem } from '../part/problem.tsx';
import { Crosshair } from './crosshair.tsx';
import { DensityStrip } from './lane/density-strip.tsx';
import { apiFilterOf, type Filter } from './filter.ts';
import { HeatLane } from './lane/heat-lane.tsx';
import { LaneTable } from './lane/lane-table.tsx';
import { MarkLane } from './lane/mark-lane.tsx';
import { TimeAxis } from './lane/time-axis.tsx';
import { bucketMsOf, type TimeWindow } from './range/time-range.ts';
import { useLanes } from './lane/use-lanes.ts';
import { useMarks } from './lane/use-marks.ts';

interface OverviewProps {
  readonly filter: Filter;
  /** What the daemon is asked for. */
  readonly window: TimeWindow;
  /** What is drawn while somebody pans or zooms; the window when nothing moves. */
  readonly view?: TimeWindow | undefined;
  readonly onBrush: (from: number, to: number) => void;
  readonly onMove?: (next: TimeWindow) => void;
  readonly onOpen?: (record: TimelineRecord) => void;
}

/** More lanes than this at once push the records out of sight; so many more come on demand. */
const LANES_STEP = 8;

/** The strip, the changes and checkpoints, and a lane for each component, on one axis of time. */
export function Overview({
  filter,
  window,
  view = window,
  onBrush,
  onMove,
  onOpen,
}: OverviewProps) {
  const [most, setMost] = useState(LANES_STEP);
  const [isTable, setTable] = useState(false);
  const bucketMs = bucketMsOf(window);
  const density = useApi(
    'timelineDensity',
    { ...apiFilterOf(filter, window), bucket: `${bucketMs}ms` },
    { keep: true },
  );
  const marks = useMarks(filter, window);
  const { lanes, hidden } = useLanes(filter, window, most);
  const all = {
    name: 'All records',
    buckets: density.data?.buckets,
    bucketMs: density.data?.bucketMs ?? bucketMs,
  };
  return (
    <section className="overview card" aria-label="Overview">
      {density.error !== null && (
        <Problem error={density.error} retry={() => void density.refetch()} />
      )}
      {isTable ? (
        <LaneTable all={all} lanes={lanes} marks={marks} window={window} />
      ) : (
        <Crosshair window={view} onBrush={onBrush} onMove={onMove}>
          <DensityStrip {...all} window={view} />
          <MarkLane marks={marks} window={view} onOpen={onOpen} />
          <div className="lanes">
            {lanes.map((lane) => (
              <HeatLane key={lane.name} {...lane} window={view} />
            ))}
          </div>
          <TimeAxis window={view} />
        </Crosshair>
      )}
      <p className="overview-foot">
        {hidden > 0 && (
          <button className="button button-bare" onClick={() => setMost(most + LANES_STEP)}>
            {hidden === 1 ? 'One more component' : `${hidden} more components`}
          </button>
        )}
        <button
          className="button button-bare"
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? 'As lanes' : 'As a table'}
        </button>
      </p>
    </section>
  );
}
