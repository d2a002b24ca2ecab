import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useApi } from '../api/use-api.ts';
import { Icon } from '../part/icon.tsx';
import { useKeys } from '../shell/keys.ts';
import { KINDS, type Filter } from './filter.ts';
import { RangePicker } from './range/range-picker.tsx';
import { SEVERITY_CHOICES } from './severity.ts';

interface FilterBarProps {
  readonly filter: Filter;
  readonly change: (next: Partial<Filter>, how?: 'push' | 'replace') => void;
}

interface Beside {
  /** What stands beside the range. */
  readonly children: ReactNode;
}

/** Typing is over when nothing came for this long. */
const TYPING_MS = 300;

/** What restricts the timeline; every choice changes the address. */
export function FilterBar({ filter, change, children }: FilterBarProps & Beside) {
  return (
    <search className="filter-bar">
      <RangePicker range={filter.range} onChange={(range) => change({ range })} />
      {children}
      <SearchField text={filter.text} onText={(text) => change({ text }, 'replace')} />
      <select
        className="field"
        aria-label="Severity"
        value={filter.minSeverity}
        onChange={(event) => change({ minSeverity: Number(event.target.value) })}
      >
        {SEVERITY_CHOICES.map(({ from, label }) => (
          <option key={from} value={from}>
            {label}
          </option>
        ))}
        {SEVERITY_CHOICES.every(({ from }) => from !== filter.minSeverity) && (
          <option value={filter.minSeverity}>Severity {filter.minSeverity} and above</option>
        )}
      </select>
      <ComponentChoice filter={filter} change={change} />
      <div className="toggles" role="group" aria-label="Kinds of records">
        {KINDS.map((kind) => (
          <button
            key={kind}
            aria-pressed={filter.kinds.includes(kind)}
            onClick={() => change({ kinds: toggled(filter.kinds, kind) })}
          >
            {kind}
          </button>
        ))}
      </div>
      <Restrictions filter={filter} change={change} />
    </search>
  );
}

function toggled<Item>(items: readonly Item[], item: Item): readonly Item[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

function SearchField(props: { readonly text: string; readonly onText: (text: string) => void }) {
  const { text, onText } = props;
  const [typed, setTyped] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  const [known, setKnown] = useState(text);
  if (known !== text) {
    // The address changed by itself: Back, or a link.
    setKnown(text);
    setTyped(text);
  }
  useEffect(() => {
    if (typed === text) return;
    const timer = window.setTimeout(() => onText(typed), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed, text, onText]);
  useKeys({ '/': () => field.current?.focus() });
  return (
    <label className="search-field">
      <Icon name="search" />
      <span className="unseen">Text in the records</span>
      <input
        ref={field}
        className="field"
        type="search"
        placeholder="Search records   /"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}

function ComponentChoice({ filter, change }: FilterBarProps) {
  const components = useApi('componentList', {}, { everyMs: 30_000 });
  const names = (components.data?.components ?? [])
    .map(({ name }) => name)
    .filter((name) => !filter.components.includes(name));
  return (
    <select
      className="field"
      aria-label="Component"
      value=""
      onChange={(event) => change({ components: [...filter.components, event.target.value] })}
    >
      <option value="" disabled>
        {filter.components.length === 0 ? 'All components' : 'Add a component'}
      </option>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

/** What is restricted beyond the visible controls, each to be taken away again. */
function Restrictions({ filter, change }: FilterBarProps) {
  const items: readonly (readonly [string, Partial<Filter>])[] = [
    ...filter.components.map(
      (name) => [name, { components: toggled(filter.components, name) }] as const,
    ),
    ...(filter.trace === '' ? [] : [[`trace ${filter.trace}`, { trace: '' }] as const]),
    ...(filter.event === '' ? [] : [[`event ${filter.event}`, { event: '' }] as const]),
  ];
  if (items.length === 0) return null;
  return (
    <ul className="restrictions" aria-label="Restricted to">
      {items.map(([label, without]) => (
        <li key={label}>
          <button onClick={() => change(without)} title={`Do not restrict to ${label}`}>
            {label} <Icon name="cross" />
          </button>
        </li>
      ))}
    </ul>
  );
}
