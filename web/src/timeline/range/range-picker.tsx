import { useState } from 'react';
import { millisecondWords } from '../../time/words.ts';
import { PRESETS, windowOf, type TimeRange } from './time-range.ts';
import { useServerClock } from '../../time/server-clock.ts';

interface RangePickerProps {
  readonly range: TimeRange;
  readonly onChange: (range: TimeRange) => void;
}

/** Chooses the part of time: the last so long, or from one moment to another. */
export function RangePicker({ range, onChange }: RangePickerProps) {
  const clock = useServerClock();
  const [isOpen, setOpen] = useState(false);
  const isFixed = range.kind === 'fixed';
  return (
    <div className="toggles" role="group" aria-label="Time">
      {PRESETS.map(({ name, ms }) => (
        <button
          key={name}
          aria-pressed={range.kind === 'last' && range.ms === ms}
          onClick={() => onChange({ kind: 'last', ms })}
        >
          {name}
        </button>
      ))}
      <button
        aria-pressed={isFixed}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        title={isFixed ? 'Change from and to' : 'Choose from and to, or drag over the strip'}
      >
        {isFixed ? fixedWords(range.from, range.to, clock.now()) : 'From – to'}
      </button>
      {isOpen && <FixedRange range={range} onChange={onChange} onClose={() => setOpen(false)} />}
    </div>
  );
}

function FixedRange({ range, onChange, onClose }: RangePickerProps & { onClose: () => void }) {
  const shown = windowOf(range, useServerClock().now());
  const [from, setFrom] = useState(inputText(shown.from));
  const [to, setTo] = useState(inputText(shown.to));
  const valid = Date.parse(from) < Date.parse(to);
  return (
    <form
      className="fixed-range"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ kind: 'fixed', from: Date.parse(from), to: Date.parse(to) });
        onClose();
      }}
    >
      <label>
        From
        <MomentField value={from} onValue={setFrom} />
      </label>
      <label>
        To
        <MomentField value={to} onValue={setTo} />
      </label>
      <button className="button button-primary" disabled={!valid}>
        Show
      </button>
    </form>
  );
}

function MomentField(props: { readonly value: string; readonly onValue: (to: string) => void }) {
  return (
    <input
      className="field"
      type="datetime-local"
      step="1"
      value={props.value}
      onChange={(event) => props.onValue(event.target.value)}
    />
  );
}

/** Local time as a `datetime-local` field writes it. */
function inputText(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

function fixedWords(from: number, to: number, now: number): string {
  const day = new Date(from).toLocaleDateString();
  const isToday = day === new Date(now).toLocaleDateString();
  const time = (ms: number): string => millisecondWords(ms).slice(0, 8);
  return `${isToday ? '' : `${day} `}${time(from)} – ${time(to)}`;
}
