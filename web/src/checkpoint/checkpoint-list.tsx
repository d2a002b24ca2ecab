import { useState } from 'react';
import type { Checkpoint } from '../api/types.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { Ask } from '../part/ask.tsx';
import { Icon } from '../part/icon.tsx';
import { Id } from '../part/id.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Shown } from '../part/shown.tsx';
import { When } from '../part/when.tsx';
import { go, hrefOf } from '../shell/location.ts';
import { byteWords, reasonWords } from './checkpoint-words.ts';
import { StatusLabel } from './status-label.tsx';
import './checkpoint.css';

/** More fit on no screen; older ones are in `lastgood checkpoint list`. */
const LIST_MAX = 200;

/** Every state one could go back to, newest first. */
export function CheckpointList() {
  const list = useApi('checkpointList', { limit: LIST_MAX }, { everyMs: 10_000 });
  const [isAsking, setAsking] = useState(false);
  const take = useAct('checkpointTake', ({ id }) => {
    setAsking(false);
    go(hrefOf(['checkpoints', id]));
  });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Checkpoints</h1>
          <p>States that can be restored. Evidence decides which of them were good.</p>
        </div>
        <button className="button" onClick={() => setAsking(true)}>
          <Icon name="checkpoint" /> Take a checkpoint
        </button>
      </div>
      {isAsking && (
        <Ask
          title="Take a checkpoint now"
          question="A note for later, if you like"
          action={take.isPending ? 'Capturing…' : 'Take it'}
          optional
          pending={take.isPending}
          error={take.error}
          onAnswer={(note) => take.mutate(note === '' ? {} : { note })}
          onClose={() => setAsking(false)}
        />
      )}
      <section className="card scroll-x">
        <Shown of={list}>
          {({ checkpoints }) =>
            checkpoints.length === 0 ? (
              <Nothing title="No checkpoint yet">
                One is taken on schedule, when a trigger fires, before a change, or now by you.
              </Nothing>
            ) : (
              <Table checkpoints={checkpoints} />
            )
          }
        </Shown>
      </section>
    </>
  );
}

function Table({ checkpoints }: { readonly checkpoints: readonly Checkpoint[] }) {
  return (
    <table className="rows checkpoint-rows">
      <thead>
        <tr>
          <th>Status</th>
          <th>Taken</th>
          <th>Checkpoint</th>
          <th className="wide">Why it stands so</th>
          <th>Taken because</th>
          <th className="number">Holds</th>
        </tr>
      </thead>
      <tbody>
        {checkpoints.map(({ id, status, statusReason, pinned, manifest }) => (
          <tr key={id}>
            <td>
              <StatusLabel status={status} />
            </td>
            <td className="nowrap">
              <When at={manifest.takenAt} />
            </td>
            <td className="nowrap">
              <span className="pinned">
                <Id to={['checkpoints', id]} short={13}>
                  {id}
                </Id>
                {pinned && (
                  <span title="pinned: retention keeps it">
                    <Icon name="pin" />
                    <span className="unseen">pinned</span>
                  </span>
                )}
              </span>
            </td>
            <td className="wide">{statusReason}</td>
            <td className="soft because">{reasonWords(manifest.reason)}</td>
            <td className="number nowrap soft">{holds(manifest)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function holds({ captures, failures }: Checkpoint['manifest']): string {
  const bytes = captures.reduce((sum, capture) => sum + capture.bytes, 0);
  const missing = failures.length === 0 ? '' : `, ${failures.length} missing`;
  const states = captures.length === 1 ? '1 state' : `${captures.length} states`;
  return `${states}${missing}, ${byteWords(bytes)}`;
}
