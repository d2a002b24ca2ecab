import type { Unresolved } from '../api/types.ts';
import { Icon } from '../part/icon.tsx';
import { agoWords } from '../time/words.ts';

interface UnresolvedListProps {
  readonly names: readonly Unresolved[];
  /** Unix milliseconds. */
  readonly now: number;
}

/** Names that records bear and that are no component, each with what to write to mend it. */
export function UnresolvedList({ names, now }: UnresolvedListProps) {
  if (names.length === 0) return null;
  return (
    <ul className="card-body trigger-list" aria-label="Unresolved names">
      {names.map(({ name, records, since, lastAt, sources, proposal, mixed, mend }) => (
        <li key={name} className="tone-warn">
          <span className="coverage-icon">
            <Icon name="question" />
          </span>
          <div>
            <b>{name === '' ? 'records without a name' : name}</b>{' '}
            {mixed === undefined ? 'unresolved' : 'is more than one'}
            <p>
              {records.toLocaleString('en')} records from {sources.join(', ')}, first{' '}
              {agoWords(since, now)}, last {agoWords(lastAt, now)}
              {mixed !== undefined && `: ${mixed.join(', ')}`}
              {proposal !== undefined && `; likely ${proposal.component}: ${proposal.why}`}
            </p>
            <p className="mono">{mend}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
