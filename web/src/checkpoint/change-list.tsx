import { useState } from 'react';
import type { Change } from '../api/types.ts';
import { groupsOf, type ChangeGroup } from './change-groups.ts';
import { OneChange } from './one-change.tsx';

/** With few changes everything is read at once; many are opened one by one. */
const OPEN_MAX = 6;

/** Up to so many changes every section stands open; a machine after an upgrade has hundreds. */
const SECTIONS_OPEN_MAX = 40;

/** More rows of one section are drawn only when somebody asks for them. */
const ROWS_MAX = 50;

/** Changes by state and section, each with its text difference. Secrets are never here to show. */
export function ChangeList({ changes }: { readonly changes: readonly Change[] }) {
  const isShort = changes.length <= OPEN_MAX;
  const states = new Set(changes.map(({ state }) => state));
  const opensSections = changes.length <= SECTIONS_OPEN_MAX;
  return (
    <div className="change-list">
      {groupsOf(changes).map((group) => (
        <Group
          key={group.key}
          group={group}
          isOnlyState={states.size === 1}
          open={opensSections}
          opensChanges={isShort}
        />
      ))}
    </div>
  );
}

interface GroupProps {
  readonly group: ChangeGroup;
  /** true: whose section it is goes without saying. */
  readonly isOnlyState: boolean;
  readonly open: boolean;
  readonly opensChanges: boolean;
}

function Group({ group, isOnlyState, open, opensChanges }: GroupProps) {
  const { state, section, changes } = group;
  const [isOpen, setOpen] = useState(open);
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? changes : changes.slice(0, ROWS_MAX);
  const rest = changes.length - shown.length;
  return (
    <details
      className="change-group"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <h3>
          {section ?? state}{' '}
          {section !== undefined && !isOnlyState && <span className="fine">{state} </span>}
          <span className="soft">{countWords(group)}</span>
        </h3>
      </summary>
      {isOpen &&
        shown.map((change) => <OneChange key={change.path} change={change} open={opensChanges} />)}
      {isOpen && rest > 0 && (
        <button className="button button-bare change-rest" onClick={() => setWhole(true)}>
          Show {rest} more
        </button>
      )}
    </details>
  );
}

/** `3 changes`, or for several kinds of them `2 added, 1 changed`. */
function countWords({ changes }: ChangeGroup): string {
  const count = (op: Change['op']): number => changes.filter((change) => change.op === op).length;
  const parts = [
    [count('create'), 'added'],
    [count('update'), 'changed'],
    [count('delete'), 'removed'],
  ] as const;
  return parts
    .filter(([many]) => many > 0)
    .map(([many, words]) => `${many} ${words}`)
    .join(', ');
}
