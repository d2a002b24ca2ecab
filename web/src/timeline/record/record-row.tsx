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
  readonly onOpen: (record: TimelineRecord) => void;
}

/** One record in one line. */
export function RecordRow({ record, index, isActive, isOpen, onOpen }: RecordRowProps) {
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
      <time dateTime={record.alignedTime} title={record.alignedTime}>
        {millisecondWords(at)}
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
