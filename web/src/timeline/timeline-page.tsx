import { useCallback, useMemo, useState } from 'react';
import type { TimelineRecord } from '../api/types.ts';
import { go } from '../shell/location.ts';
import { createCursor, CursorContext } from './cursor.ts';
import { FilterBar } from './filter-bar.tsx';
import { filterOf, timelineHref, type Filter } from './filter.ts';
import { Overview } from './overview.tsx';
import { RecordDetails } from './record-details.tsx';
import { RecordTable } from './record-table.tsx';
import { useWindow } from './use-window.ts';
import './timeline.css';
import './records.css';

/** Everything that happened, on one axis of time, with the records below. */
export function TimelinePage({ query }: { readonly query: URLSearchParams }) {
  const text = query.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(text)), [text]);
  const cursor = useMemo(() => createCursor(), []);
  const [open, setOpen] = useState<TimelineRecord>();
  const [atTop, setAtTop] = useState(true);
  const window = useWindow(filter.range, atTop && open === undefined);
  const change = useCallback(
    (next: Partial<Filter>, how: 'push' | 'replace' = 'push') => {
      go(timelineHref({ ...filter, ...next }), how);
    },
    [filter],
  );
  const brush = useCallback(
    (from: number, to: number) => change({ range: { kind: 'fixed', from, to } }),
    [change],
  );
  return (
    <CursorContext value={cursor}>
      <h1 className="unseen">Timeline</h1>
      <div className="timeline">
        <FilterBar filter={filter} change={change} />
        <Overview filter={filter} window={window} onBrush={brush} onOpen={setOpen} />
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
