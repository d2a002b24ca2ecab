import { useState } from 'react';
import type { Status } from '../api/types.ts';
import { Link } from '../shell/link.tsx';
import { useComponentHealth } from './use-component-health.ts';

/** As many as stand beside the sentence; the others open on demand, below it. */
const CHIPS_MAX = 6;

const WORDS = { good: 'well', warn: 'doubtful', bad: 'broken', busy: 'busy', quiet: 'unknown' };

/** The components as chips, the broken ones first; each leads to its part of the timeline. */
export function ComponentChips(props: {
  readonly status: Status | undefined;
  readonly now: number;
}) {
  const [isWhole, setWhole] = useState(false);
  const all = useComponentHealth(props.status, props.now);
  const shown = isWhole ? all : all.slice(0, CHIPS_MAX);
  return (
    <div className="chips-side">
      <ul className={isWhole ? 'chips chips-whole' : 'chips'} aria-label="Components">
        {shown.map(({ name, tone, why }) => (
          <li key={name}>
            <Link
              to={['timeline']}
              query={{ component: name }}
              className={`chip tone-${tone}`}
              title={`${name}: ${why}`}
            >
              <i aria-hidden="true" />
              <span className="chip-name">{name}</span>
              <span className="unseen">: {WORDS[tone]}</span>
            </Link>
          </li>
        ))}
      </ul>
      {all.length > CHIPS_MAX && (
        <button
          className="chip tone-quiet"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? 'Fewer' : moreWords(all.slice(CHIPS_MAX))}
        </button>
      )}
    </div>
  );
}

/** `54 more`, and how many of these are broken: that must not hide behind a number. */
function moreWords(rest: ReturnType<typeof useComponentHealth>): string {
  const broken = rest.filter(({ tone }) => tone === 'bad').length;
  return broken === 0 ? `${rest.length} more` : `${rest.length} more, ${broken} broken`;
}
