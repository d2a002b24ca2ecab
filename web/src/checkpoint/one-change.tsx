import { useState } from 'react';
import type { Change } from '../api/types.ts';
import { Icon } from '../part/icon.tsx';
import { Label } from '../part/label.tsx';
import { UnifiedDiff } from './unified-diff.tsx';

const OPERATIONS = {
  create: { sign: '+', words: 'added', tone: 'good' },
  update: { sign: '~', words: 'changed', tone: 'warn' },
  delete: { sign: '−', words: 'removed', tone: 'bad' },
} as const;

/** One change in one line; what it says beyond that opens below. */
export function OneChange(props: { readonly change: Change; readonly open: boolean }) {
  const { change } = props;
  const [isOpen, setOpen] = useState(props.open);
  if (!saysMore(change)) {
    return (
      <div className="change change-line">
        <Summary change={change} />
      </div>
    );
  }
  return (
    <details
      className="change"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <Icon name="chevron" />
        <Summary change={change} />
      </summary>
      {isOpen && <ChangeBody change={change} />}
    </details>
  );
}

/** A sentence about an item without a text of its own says everything there is. */
function saysMore({ words, text, secret, loss, before, after }: Change): boolean {
  if (words === undefined || text !== undefined || secret || loss !== undefined) return true;
  return before !== undefined || after !== undefined;
}

function Summary({ change }: { readonly change: Change }) {
  const { op, path, words: sentence, reversible, disruption } = change;
  const { sign, words, tone } = OPERATIONS[op];
  return (
    <>
      <span className={`change-sign tone-${tone}`} title={words}>
        <span aria-hidden="true">{sign}</span>
        <span className="unseen">{words}</span>
      </span>
      {sentence === undefined ? (
        <span className="mono change-path">{path}</span>
      ) : (
        <span className="change-path" title={path}>
          {sentence}
        </span>
      )}
      {reversible !== 'yes' && (
        <Label tone="bad">{reversible === 'lossy' ? 'loses data' : 'irreversible'}</Label>
      )}
      {disruption !== 'none' && <Label tone="quiet">{disruption}</Label>}
    </>
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
