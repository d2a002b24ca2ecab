import { useCallback, useMemo, useState } from 'react';
import type { TimelineRecord } from '../api/types.ts';
import { go } from '../shell/location.ts';
import { createCursor, CursorContext } from './cursor.ts';
import { FilterBar } from './filter-bar.tsx';
import { filterOf, timelineHref, type Filter } from './filter.ts';
import { Overview } from './overview.tsx';
import { RecordDetails } from './record/record-details.tsx';
import { RecordTable } from './record/record-table.tsx';
import { MoveButtons } from './range/move-buttons.tsx';
import { bucketMsOf, DEFAULT_RANGE, type TimeRange } from './range/time-range.ts';
import { useMoves } from './range/use-moves.ts';
import { useWindow } from './range/use-window.ts';
import './timeline.css';
import './record/records.css';

/** Fresh enough to follow an incident, slow enough to read a line. */
const STEP_MS = 3_000;

/** Bars move on by a bar at a time, but never stand for longer than this. */
const OVERVIEW_STEP_MS_MAX = 15_000;

function overviewStepMs(range: TimeRange): number {
  if (range.kind === 'fixed') return STEP_MS;
  const bar = bucketMsOf({ from: 0, to: range.ms });
  return Math.min(OVERVIEW_STEP_MS_MAX, Math.max(STEP_MS, bar));
}

/** Everything that happened, on one axis of time, with the records below. */
export function TimelinePage({ query }: { readonly query: URLSearchParams }) {
  const text = query.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(text)), [text]);
  const cursor = useMemo(() => createCursor(), []);
  const [open, setOpen] = useState<TimelineRecord>();
  const [atTop, setAtTop] = useState(true);
  const following = atTop && open === undefined;
  const window = useWindow(filter.range, following, STEP_MS);
  const wide = useWindow(filter.range, following, overviewStepMs(filter.range));
  const change = useCallback(
    (next: Partial<Filter>, how: 'push' | 'replace' = 'push') => {
      go(timelineHref({ ...filter, ...next }), how);
    },
    [filter],
  );
  // The first move leaves a step in the history; a hundred turns of the wheel after it do not.
  const isMoving = filter.range.kind === 'fixed';
  const { draft, move } = useMoves(({ from, to }) => {
    change({ range: { kind: 'fixed', from, to } }, isMoving ? 'replace' : 'push');
  });
  const brush = useCallback(
    (from: number, to: number) => change({ range: { kind: 'fixed', from, to } }),
    [change],
  );
  return (
    <CursorContext value={cursor}>
      <h1 className="unseen">Timeline</h1>
      <div className="timeline">
        <FilterBar filter={filter} change={change}>
          <MoveButtons
            view={draft ?? wide}
            onMove={move}
            onNow={() => change({ range: DEFAULT_RANGE })}
          />
        </FilterBar>
        <Overview
          filter={filter}
          window={wide}
          view={draft}
          onBrush={brush}
          onMove={move}
          onOpen={setOpen}
        />
        <div className={open === undefined ? 'records' : 'records records-open'}>
          <RecordTable
            filter={filter}
            window={window}
            openId={open?.id}
            onOpen={setOpen}
            onTop={setAtTop}
          />
          {open !== undefined && (
            <RecordDetails
              record={open}
              onClose={() => setOpen(undefined)}
              onFilter={(next) => change(next)}
            />
          )}
        </div>
      </div>
    </CursorContext>
  );
}
