import { useState } from 'react';
import type { Run, Status } from '../api/types.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { Ask } from '../part/ask.tsx';
import { Icon } from '../part/icon.tsx';
import { Id } from '../part/id.tsx';
import { Label } from '../part/label.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Problem } from '../part/problem.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { Shown } from '../part/shown.tsx';
import { When } from '../part/when.tsx';
import { Link } from '../shell/link.tsx';
import { PlanButton } from './plan-button.tsx';
import { RunLabel } from './run-label.tsx';
import { saysHealed } from './run-words.ts';
import './rollback.css';

/** Rollbacks, newest first, and the hold that stops all writing. */
export function RunList() {
  const list = useApi('runList', {}, { everyMs: 5_000 });
  const status = useApi('status', {});
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Rollbacks</h1>
          <p>Each keeps the present state first, checks the result, and can be undone.</p>
        </div>
        <div className="actions">
          {status.data !== undefined && <Hold hold={status.data.hold} />}
          <PlanButton input={{}} label="Plan a rollback" />
        </div>
      </div>
      <section className="card scroll-x">
        <Shown of={list}>
          {({ runs, unread = [] }) =>
            runs.length === 0 && unread.length === 0 ? (
              <Nothing title="No rollback yet">
                An <Link to={['incidents']}>incident</Link> offers one when it would help; or choose
                a <Link to={['checkpoints']}>checkpoint</Link> to go back to.
              </Nothing>
            ) : (
              <Table runs={runs} unread={unread} />
            )
          }
        </Shown>
      </section>
    </>
  );
}

interface TableProps {
  readonly runs: readonly Run[];
  /** Those whose journal cannot be read. */
  readonly unread: readonly string[];
}

function Table({ runs, unread }: TableProps) {
  return (
    <table className="rows">
      <thead>
        <tr>
          <th>State</th>
          <th>Rollback</th>
          <th>Started</th>
          <th>Of</th>
          <th>Target</th>
          <th className="wide">How it went</th>
        </tr>
      </thead>
      <tbody>
        {unread.map((run) => (
          <Unread key={run} run={run} />
        ))}
        {runs.map((run) => (
          <Row key={run.run} of={run} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ of }: { readonly of: Run }) {
  const { run, state, startedAt, progress, target, why, healed, undoOf, released } = of;
  return (
    <tr>
      <td>
        <RunLabel state={state} released={released !== undefined} />
      </td>
      <RunCell run={run} />
      <td className="nowrap" data-label="Started">
        <When at={startedAt} />
      </td>
      <td className="components" data-label="Of">
        {[...new Set(progress.map(({ component }) => component))].join(', ')}
      </td>
      <td className="nowrap" data-label="Target">
        <Id to={['checkpoints', target]} short={13}>
          {target}
        </Id>
      </td>
      <td className="wide">
        {of.requestedBy === 'automatic' && <span className="soft">Began by itself. </span>}
        {undoOf !== undefined && <span className="soft">undo of {undoOf}. </span>}
        {why !== undefined && <SentenceLinks short>{why}</SentenceLinks>}
        {healed === true && !saysHealed(why) && <span className="soft"> Healed.</span>}
      </td>
    </tr>
  );
}

function RunCell({ run }: { readonly run: string }) {
  return (
    <td className="nowrap">
      <Id to={['runs', run]} short={14}>
        {run}
      </Id>
    </td>
  );
}

/** A run whose journal cannot be read; its page tells what is certain, and what to do. */
function Unread({ run }: { readonly run: string }) {
  return (
    <tr>
      <td>
        <Label tone="bad">cannot be read</Label>
      </td>
      <RunCell run={run} />
      <td className="wide" colSpan={4}>
        Its journal cannot be read, so that nobody knows how it went.
      </td>
    </tr>
  );
}

/** The switch that stops every write by lastgood at once. */
function Hold({ hold }: { readonly hold: Status['hold'] }) {
  const [isAsking, setAsking] = useState(false);
  const set = useAct('holdSet', () => setAsking(false));
  return (
    <>
      {hold.on && set.error !== null && <Problem error={set.error} />}
      <button className="button button-danger" onClick={() => setAsking(true)}>
        <Icon name="hold" /> {hold.on ? 'Let lastgood write again' : 'Hold everything'}
      </button>
      {isAsking && (
        <Ask
          title={hold.on ? 'Let lastgood write again' : 'Stop every write by lastgood'}
          question={hold.armed.length > 0 ? `Still armed: ${hold.armed.join(', ')}. Why?` : 'Why?'}
          action={hold.on ? 'Write again' : 'Hold'}
          pending={set.isPending}
          error={set.error}
          onAnswer={(reason) => set.mutate({ on: !hold.on, reason })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
