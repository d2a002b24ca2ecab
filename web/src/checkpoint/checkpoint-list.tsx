import { useState } from 'react';
import type { Checkpoint } from '../api/types.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { Ask } from '../part/ask.tsx';
import { byteWords } from '../part/byte-words.ts';
import { Icon } from '../part/icon.tsx';
import { Id } from '../part/id.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Shown } from '../part/shown.tsx';
import { When } from '../part/when.tsx';
import { go, hrefOf } from '../shell/location.ts';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { isCompareOnly, isKept, reasonWords } from './checkpoint-words.ts';
import { StatusLabel } from './status-label.tsx';
import { VerdictWords } from './verdict-words.tsx';
import './checkpoint.css';

/** More fit on no screen; older ones are in `lastgood checkpoint list`. */
const LIST_MAX = 200;

/** Every state one could go back to, newest first. */
export function CheckpointList() {
  const list = useApi('checkpointList', { limit: LIST_MAX }, { everyMs: 10_000 });
  const [isAsking, setAsking] = useState(false);
  const [onlyGood, setOnlyGood] = useState(false);
  const take = useAct('checkpointTake', ({ id }) => {
    setAsking(false);
    go(hrefOf(['checkpoints', id]));
  });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Checkpoints</h1>
          <p>States to go back to or compare with. Evidence decides which of them were good.</p>
        </div>
        <div className="actions">
          <Which onlyGood={onlyGood} onChange={setOnlyGood} />
          <button className="button" onClick={() => setAsking(true)}>
            <Icon name="checkpoint" /> Take a checkpoint
          </button>
        </div>
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
              <Listed checkpoints={checkpoints} onlyGood={onlyGood} />
            )
          }
        </Shown>
      </section>
    </>
  );
}

function Which(props: {
  readonly onlyGood: boolean;
  readonly onChange: (onlyGood: boolean) => void;
}) {
  return (
    <div className="toggles" role="group" aria-label="Which checkpoints">
      <button aria-pressed={!props.onlyGood} onClick={() => props.onChange(false)}>
        All
      </button>
      <button aria-pressed={props.onlyGood} onClick={() => props.onChange(true)}>
        Good ones
      </button>
    </div>
  );
}

function Listed(props: {
  readonly checkpoints: readonly Checkpoint[];
  readonly onlyGood: boolean;
}) {
  const shown = props.onlyGood
    ? props.checkpoints.filter(({ status }) => isKept(status))
    : props.checkpoints;
  if (shown.length > 0) return <Table checkpoints={shown} />;
  return (
    <Nothing title={`None of the newest ${props.checkpoints.length} is good`}>
      A checkpoint becomes good when health holds for its whole soak.
    </Nothing>
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
          <th>Consistency</th>
          <th className="number">Holds</th>
        </tr>
      </thead>
      <tbody>
        {checkpoints.map(({ id, status, statusReason, pinned, level, claim, manifest }) => (
          <tr key={id} className={isKept(status) ? 'is-kept' : undefined}>
            <td>
              <StatusLabel status={status} compareOnly={isCompareOnly({ manifest })} />
            </td>
            <td className="nowrap" data-label="Taken">
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
            <td className="wide">
              <VerdictWords reason={statusReason} />
            </td>
            <td className="soft because" data-label="Because">
              <SentenceLinks short>{reasonWords(manifest.reason)}</SentenceLinks>
            </td>
            <td className="nowrap soft" data-label="Consistency" title={claim}>
              {level}
            </td>
            <td className="number nowrap soft" data-label="Holds">
              {holds(manifest)}
            </td>
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
