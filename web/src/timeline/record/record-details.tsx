import type { ReactNode } from 'react';
import type { TimelineRecord } from '../../api/types.ts';
import { Icon } from '../../part/icon.tsx';
import { Id } from '../../part/id.tsx';
import { Label } from '../../part/label.tsx';
import { msOf, nanosecondWords } from '../../time/words.ts';
import { DEFAULT_RANGE, type TimeRange } from '../range/time-range.ts';
import type { Filter } from '../filter.ts';
import { bodyOf, originOf } from './record-words.ts';
import { familyOf, severityWords } from '../severity.ts';

interface RecordDetailsProps {
  readonly record: TimelineRecord;
  readonly onClose: () => void;
  readonly onFilter: (next: Partial<Filter>) => void;
}

const TONES = {
  quiet: 'quiet',
  info: 'quiet',
  warn: 'warn',
  error: 'bad',
  fatal: 'bad',
} as const;

/** Everything a record says, and the ways on from it. */
export function RecordDetails({ record, onClose, onFilter }: RecordDetailsProps) {
  const origin = originOf(record);
  const { component, traceId } = record;
  return (
    <aside className="record-details card" aria-label="Record">
      <header>
        <Label tone={TONES[familyOf(record.severity)]}>{severityWords(record.severity)}</Label>
        <h2>{record.eventName ?? `${record.kind} of ${origin}`}</h2>
        <button className="button button-bare" onClick={onClose} aria-label="Close the record">
          <Icon name="cross" />
        </button>
      </header>
      <div className="card-body stack">
        {bodyOf(record) !== undefined && <pre className="record-body">{bodyOf(record)}</pre>}
        <div className="actions">
          {traceId !== undefined && (
            <button
              className="button"
              onClick={() =>
                onFilter({ ...UNRESTRICTED, trace: traceId, range: around(record, 600_000) })
              }
            >
              Its whole trace
            </button>
          )}
          {component !== undefined && (
            <button className="button" onClick={() => onFilter({ components: [component] })}>
              Only {component}
            </button>
          )}
          <button
            className="button"
            onClick={() => onFilter({ ...UNRESTRICTED, range: around(record, 5_000) })}
          >
            Everything within 5 s
          </button>
        </div>
        <Times record={record} />
        <Members title="Attributes" members={record.attributes} />
        <Members title="Resource" members={record.resource} />
        <dl className="facts">
          <Fact name="Source">
            {record.source.id} <span className="soft">{record.source.position}</span>
          </Fact>
          <Fact name="Id">
            <Id>{record.id}</Id>
          </Fact>
        </dl>
      </div>
    </aside>
  );
}

const UNRESTRICTED = {
  components: [],
  kinds: [],
  minSeverity: 0,
  text: '',
  trace: '',
  event: '',
  range: DEFAULT_RANGE,
} as const satisfies Filter;

function around(record: TimelineRecord, ms: number): TimeRange {
  const at = msOf(record.alignedTime);
  return { kind: 'fixed', from: at - ms, to: at + ms };
}

function Times({ record }: { readonly record: TimelineRecord }) {
  const { clock, durationNs, traceId, spanId, parentSpanId } = record;
  const bound = clock.boundNs === undefined ? '' : ` ± ${nanosecondWords(clock.boundNs)}`;
  const corrected =
    clock.offsetNs === 0 ? 'not corrected' : `corrected by ${nanosecondWords(-clock.offsetNs)}`;
  return (
    <dl className="facts">
      <Fact name="Aligned time">
        <span className="mono">{record.alignedTime}</span>
        <span className="soft">{bound}</span>
      </Fact>
      <Fact name="Raw time">
        {record.time === null ? (
          <span className="soft">the origin stamped none</span>
        ) : (
          <span className="mono">{record.time}</span>
        )}
      </Fact>
      <Fact name="Received">
        <span className="mono">{record.observedTime}</span>
      </Fact>
      <Fact name="Clock">
        {clock.id}, {corrected} <span className="soft">({clock.method})</span>
      </Fact>
      {durationNs !== undefined && <Fact name="Duration">{nanosecondWords(durationNs)}</Fact>}
      {traceId !== undefined && (
        <Fact name="Trace">
          <Id>{traceId}</Id>
        </Fact>
      )}
      {spanId !== undefined && (
        <Fact name="Span">
          <Id>{spanId}</Id>
        </Fact>
      )}
      {parentSpanId !== undefined && (
        <Fact name="Parent span">
          <Id>{parentSpanId}</Id>
        </Fact>
      )}
    </dl>
  );
}

function Fact(props: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

function Members(props: {
  readonly title: string;
  readonly members: Readonly<Record<string, unknown>>;
}) {
  const entries = Object.entries(props.members).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return null;
  return (
    <div>
      <h3>{props.title}</h3>
      <dl className="facts facts-mono">
        {entries.map(([name, value]) => (
          <Fact key={name} name={name}>
            {typeof value === 'string' ? value : JSON.stringify(value)}
          </Fact>
        ))}
      </dl>
    </div>
  );
}
