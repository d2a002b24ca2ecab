import type { TimelineRecord } from '../../api/types.ts';
import { millisecondWords, msOf, nanosecondWords } from '../../time/words.ts';
import { useCursor } from '../cursor.ts';
import { lineOf, originOf } from './record-words.ts';
import { familyOf, severityWords } from '../severity.ts';

/** Height of every row; `timeline.css` draws it so, and windowing counts on it. */
export const ROW_PIXELS = 26;

interface RecordRowProps {
  readonly record: TimelineRecord;
  readonly index: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  /** Why nobody can tell whether this or the record above came first; absent where it is told. */
  readonly doubt: string | undefined;
  readonly onOpen: (record: TimelineRecord) => void;
}

/** One record in one line. */
export function RecordRow({ record, index, isActive, isOpen, doubt, onOpen }: RecordRowProps) {
  const cursor = useCursor();
  const at = msOf(record.alignedTime);
  const family = familyOf(record.severity);
  const look = ['record-row', `family-${family}`];
  if (isOpen) look.push('is-open');
  if (isActive) look.push('is-active');
  return (
    <div
      id={`record-${index}`}
      className={look.join(' ')}
      style={{ transform: `translateY(${index * ROW_PIXELS}px)` }}
      role="option"
      aria-selected={isOpen}
      onClick={() => onOpen(record)}
      onPointerEnter={() => cursor.move(at)}
    >
      <time dateTime={record.alignedTime} title={timeTitle(record, doubt)}>
        {millisecondWords(at)}
        {doubt !== undefined && <OrderMark doubt={doubt} />}
      </time>
      <span className="record-severity">{severityWords(record.severity)}</span>
      <span className="record-origin" title={originOf(record)}>
        {originOf(record)}
      </span>
      <span className="record-kind">{record.kind}</span>
      <span className="record-line">
        {record.eventName !== undefined && <b>{record.eventName} </b>}
        {lineOf(record)}
        {record.durationNs !== undefined && (
          <span className="soft"> {nanosecondWords(record.durationNs)}</span>
        )}
      </span>
    </div>
  );
}

/** The sign that `events` puts behind a time, too. */
export const ORDER_UNSURE = '~';

/** Stands behind a time that may be before or after the one above it. */
function OrderMark({ doubt }: { readonly doubt: string }) {
  return (
    <>
      <b className="record-order" aria-hidden="true">
        {ORDER_UNSURE}
      </b>
      <span className="unseen">, {doubtWords(doubt)}</span>
    </>
  );
}

function timeTitle({ alignedTime }: TimelineRecord, doubt: string | undefined): string {
  return doubt === undefined ? alignedTime : `${alignedTime}: ${doubtWords(doubt)}`;
}

function doubtWords(doubt: string): string {
  return `cannot tell whether this or the one above came first (${doubt})`;
}
