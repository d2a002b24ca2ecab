import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { neighborDoubt } from '../../../../src/api/contract/order.ts';
import type { TimelineRecord } from '../../api/types.ts';
import { useApi } from '../../api/use-api.ts';
import { Nothing } from '../../part/nothing.tsx';
import { Problem } from '../../part/problem.tsx';
import { Waiting } from '../../part/shown.tsx';
import { Link } from '../../shell/link.tsx';
import { useCursor } from '../cursor.ts';
import type { Filter } from '../filter.ts';
import { ORDER_UNSURE, RecordRow, ROW_PIXELS } from './record-row.tsx';
import type { TimeWindow } from '../range/time-range.ts';
import { RECORDS_MAX, useRecords } from './use-records.ts';
import { useScrolled } from './use-scrolled.ts';

interface RecordTableProps {
  readonly filter: Filter;
  readonly window: TimeWindow;
  readonly openId: string | undefined;
  readonly onOpen: (record: TimelineRecord | undefined) => void;
  /** Whether the newest record is in sight: only then may the table move on. */
  readonly onTop: (atTop: boolean) => void;
}

/** Rows drawn above and below what is in sight, so that fast scrolling shows no gaps. */
const SPARE_ROWS = 12;

/** The next page is asked for when so few rows are left below. */
const AHEAD_ROWS = 60;

/** The records, newest first. Only rows in sight exist, so ten thousand cost as little as ten. */
export function RecordTable({ filter, window, openId, onOpen, onTop }: RecordTableProps) {
  const { records, error, hasMore, isFetching, more, retry } = useRecords(filter, window);
  const scroller = useRef<HTMLDivElement>(null);
  const { top, height } = useScrolled(scroller);
  const [active, setActive] = useState(0);
  const cursor = useCursor();
  const count = records?.length ?? 0;
  const first = Math.max(0, Math.floor(top / ROW_PIXELS) - SPARE_ROWS);
  const last = Math.min(count, Math.ceil((top + height) / ROW_PIXELS) + SPARE_ROWS);
  const inSight = records?.slice(first, last) ?? [];
  const doubts = inSight.map((record, at) => doubtOf(records?.[first + at - 1], record));
  useEffect(() => {
    onTop(top < ROW_PIXELS);
  }, [top, onTop]);
  useEffect(() => {
    if (hasMore && !isFetching && last > count - AHEAD_ROWS) more();
  });
  const step = (by: number): void => {
    const next = Math.min(count - 1, Math.max(0, active + by));
    setActive(next);
    reveal(scroller.current, next);
    const record = records?.[next];
    if (openId !== undefined && record !== undefined) onOpen(record);
  };
  const press = (event: KeyboardEvent): void => {
    const by = stepOf(event.key, height);
    if (by !== undefined) step(by);
    else if (event.key === 'Enter') onOpen(records?.[active]);
    else if (event.key === 'Escape') onOpen(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <section className="record-table card" aria-label="Records">
      <div className="record-head" aria-hidden="true">
        <span>Time</span>
        <span>Severity</span>
        <span>Component</span>
        <span>Kind</span>
        <span>
          Record
          {doubts.some((doubt) => doubt !== undefined) && <OrderLegend />}
        </span>
      </div>
      {error !== null && <Problem error={error} retry={retry} />}
      <div
        className="record-scroll"
        ref={scroller}
        tabIndex={0}
        role={count === 0 ? undefined : 'listbox'}
        aria-label={count === 0 ? undefined : 'Records, newest first'}
        aria-activedescendant={count > 0 ? `record-${active}` : undefined}
        onKeyDown={press}
        onPointerLeave={() => cursor.move(undefined)}
      >
        {records === undefined && error === null && <Waiting />}
        {records !== undefined && count === 0 && <Empty filter={filter} />}
        <div
          className="record-space"
          role="presentation"
          style={{ height: `${count * ROW_PIXELS}px` }}
        >
          {inSight.map((record, offset) => (
            <RecordRow
              key={record.id}
              record={record}
              index={first + offset}
              isActive={first + offset === active}
              isOpen={record.id === openId}
              doubt={doubts[offset]}
              onOpen={(opened) => {
                setActive(first + offset);
                onOpen(opened.id === openId ? undefined : opened);
              }}
            />
          ))}
        </div>
      </div>
      {count >= RECORDS_MAX && (
        <p className="notice">
          The newest {RECORDS_MAX.toLocaleString('en')} are shown. Narrow the time or the filter.
        </p>
      )}
    </section>
  );
}

/** Why nobody can tell which came first, a record or the one above it. */
function doubtOf(above: TimelineRecord | undefined, record: TimelineRecord): string | undefined {
  return above === undefined ? undefined : neighborDoubt(above, record)?.text;
}

/** Says what the sign means; it is seen only where there is one. */
function OrderLegend() {
  return (
    <span className="record-legend" title="The record with this sign or the one above it">
      <b className="record-order">{ORDER_UNSURE}</b> cannot tell which came first
    </span>
  );
}

function Empty({ filter }: { readonly filter: Filter }) {
  const isFiltered =
    filter.components.length + filter.kinds.length + filter.minSeverity > 0 ||
    filter.text + filter.trace + filter.event !== '';
  return (
    <Nothing title="No records here">
      {isFiltered ? 'Nothing in this time fits the filter.' : <NothingArrived />}
    </Nothing>
  );
}

/** Says where records may be sent or put: the addresses are what a newcomer looks for. */
function NothingArrived() {
  const sources = useApi('sourceList', {});
  const open = (sources.data?.sources ?? []).filter(({ state }) => state === 'running');
  return (
    <>
      Nothing arrived in this time.{' '}
      {open.length > 0 && (
        <>
          Listening:{' '}
          {open.map(({ id, target }, at) => (
            <span key={id}>
              {at > 0 && ', '}
              {id} <code>{target}</code>
            </span>
          ))}
          .{' '}
        </>
      )}
      <Link to={['sources']}>What is listened to, and what is wrong</Link>
    </>
  );
}

function stepOf(key: string, height: number): number | undefined {
  const page = Math.max(1, Math.floor(height / ROW_PIXELS) - 1);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    j: 1,
    ArrowUp: -1,
    k: -1,
    PageDown: page,
    PageUp: -page,
    Home: -RECORDS_MAX,
    End: RECORDS_MAX,
  };
  return steps[key];
}

function reveal(scroller: HTMLElement | null, index: number): void {
  if (scroller === null) return;
  const top = index * ROW_PIXELS;
  const lowest = top + ROW_PIXELS - scroller.clientHeight;
  if (scroller.scrollTop > top) scroller.scrollTop = top;
  else if (scroller.scrollTop < lowest) scroller.scrollTop = lowest;
}
