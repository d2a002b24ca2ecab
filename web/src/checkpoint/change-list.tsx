import type { Change } from '../api/types.ts';
import { Icon } from '../part/icon.tsx';
import { Label } from '../part/label.tsx';
import { UnifiedDiff } from './unified-diff.tsx';

/** With few changes everything is read at once; many are opened one by one. */
const OPEN_MAX = 6;

const OPERATIONS = {
  create: { sign: '+', words: 'added', tone: 'good' },
  update: { sign: '~', words: 'changed', tone: 'warn' },
  delete: { sign: '−', words: 'removed', tone: 'bad' },
} as const;

/** Changes by state, each with its text difference. Secret content is never here to be shown. */
export function ChangeList({ changes }: { readonly changes: readonly Change[] }) {
  const states = [...new Set(changes.map(({ state }) => state))];
  return (
    <div className="change-list">
      {states.map((state) => {
        const mine = changes.filter((change) => change.state === state);
        return (
          <section key={state} aria-label={state}>
            <h3>
              {state} <span className="soft">{countWords(mine.length)}</span>
            </h3>
            {mine.map((change) => (
              <OneChange key={change.path} change={change} open={changes.length <= OPEN_MAX} />
            ))}
          </section>
        );
      })}
    </div>
  );
}

function countWords(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

function OneChange(props: { readonly change: Change; readonly open: boolean }) {
  const { change, open } = props;
  const { sign, words, tone } = OPERATIONS[change.op];
  return (
    <details className="change" open={open}>
      <summary>
        <Icon name="chevron" />
        <span className={`change-sign tone-${tone}`} title={words} aria-label={words}>
          {sign}
        </span>
        <span className="mono change-path">{change.path}</span>
        {change.reversible !== 'yes' && (
          <Label tone="bad">{change.reversible === 'lossy' ? 'loses data' : 'irreversible'}</Label>
        )}
        {change.disruption !== 'none' && <Label tone="quiet">{change.disruption}</Label>}
      </summary>
      <ChangeBody change={change} />
    </details>
  );
}

function ChangeBody({ change }: { readonly change: Change }) {
  const { before, after, text, secret, loss } = change;
  return (
    <div className="change-body">
      {loss !== undefined && <p>Lost on the way: {loss}</p>}
      {secret ? (
        <p className="soft">
          <Icon name="key" /> A secret. That it changed is shown, its content never.
        </p>
      ) : text !== undefined ? (
        <UnifiedDiff text={text} />
      ) : (
        <dl className="facts">
          <dt>before</dt>
          <dd className="mono">{before ?? <span className="soft">not there</span>}</dd>
          <dt>after</dt>
          <dd className="mono">{after ?? <span className="soft">not there</span>}</dd>
        </dl>
      )}
    </div>
  );
}
