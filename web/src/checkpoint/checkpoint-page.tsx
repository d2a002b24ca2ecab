import { useState } from 'react';
import type { Checkpoint } from '../api/types.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { Ask } from '../part/ask.tsx';
import { Icon } from '../part/icon.tsx';
import { Id } from '../part/id.tsx';
import { Problem } from '../part/problem.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { Shown } from '../part/shown.tsx';
import { When } from '../part/when.tsx';
import { PlanButton } from '../rollback/plan-button.tsx';
import { CaptureTable } from './capture-table.tsx';
import { isCompareOnly, reasonWords } from './checkpoint-words.ts';
import { Comparison } from './comparison.tsx';
import { FactList } from './fact-list.tsx';
import { StatusLabel } from './status-label.tsx';
import { verdictParts } from './verdict.ts';
import './checkpoint.css';

/** One checkpoint: how it stands and why, what it holds, and how it differs. */
export function CheckpointPage(props: { readonly id: string; readonly against: string }) {
  const { id, against } = props;
  const checkpoint = useApi('checkpointShow', { id }, { everyMs: 10_000 });
  return (
    <Shown of={checkpoint}>
      {(shown) => (
        <>
          <Head checkpoint={shown} />
          <div className="checkpoint-columns">
            <div className="stack">
              <Comparison id={id} against={against} />
              <CaptureTable manifest={shown.manifest} coverage={shown.coverage} />
            </div>
            <div className="stack">
              <Summary checkpoint={shown} />
              <FactList id={id} />
            </div>
          </div>
        </>
      )}
    </Shown>
  );
}

function Head({ checkpoint }: { readonly checkpoint: Checkpoint }) {
  const { id, status, statusReason, pinned } = checkpoint;
  const compareOnly = isCompareOnly(checkpoint);
  const components = checkpoint.manifest.captures.map(({ component }) => component);
  const [isAsking, setAsking] = useState(false);
  const pin = useAct('checkpointPin', () => setAsking(false));
  const unpin = useAct('checkpointUnpin');
  return (
    <div className="page-head">
      <div>
        <h1>
          <StatusLabel status={status} compareOnly={compareOnly} /> Checkpoint <Id>{id}</Id>
        </h1>
        <p>
          <SentenceLinks>{verdictParts(statusReason).verdict}</SentenceLinks>
        </p>
      </div>
      <div className="actions">
        {pinned ? (
          <button
            className="button"
            disabled={unpin.isPending}
            onClick={() => unpin.mutate({ id })}
          >
            <Icon name="pin" /> Unpin
          </button>
        ) : (
          <button className="button" onClick={() => setAsking(true)}>
            <Icon name="pin" /> Pin
          </button>
        )}
        {!compareOnly && (
          <PlanButton
            input={{ checkpoint: id }}
            components={components}
            label="Plan going back here"
          />
        )}
      </div>
      {unpin.error !== null && <Problem error={unpin.error} />}
      {isAsking && (
        <Ask
          title="Keep this checkpoint"
          question="Why shall retention never drop it?"
          action="Pin it"
          pending={pin.isPending}
          error={pin.error}
          onAnswer={(reason) => pin.mutate({ id, reason })}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function Summary({ checkpoint }: { readonly checkpoint: Checkpoint }) {
  const { manifest, goodAt, claim } = checkpoint;
  return (
    <section className="card">
      <header>
        <h2>At a glance</h2>
      </header>
      <dl className="facts card-body">
        <dt>Taken</dt>
        <dd>
          <When at={manifest.takenAt} age />
        </dd>
        <dt>Because</dt>
        <dd>
          <SentenceLinks>{reasonWords(manifest.reason)}</SentenceLinks>
        </dd>
        {goodAt !== undefined && (
          <>
            <dt>Good at</dt>
            <dd>
              <When at={goodAt} /> <span className="soft">if health holds</span>
            </dd>
          </>
        )}
        <dt>Health then</dt>
        <dd>{manifest.verdict}</dd>
        <dt>Consistency</dt>
        <dd>{claim}</dd>
        <dt>Checks</dt>
        <dd>
          {manifest.samples.length === 0 ? (
            <span className="soft">none are set up</span>
          ) : (
            <ul className="samples">
              {manifest.samples.map(({ check, color, seen }) => (
                <li key={check} className={`tone-${SAMPLE_TONES[color]}`}>
                  <Icon name={SAMPLE_ICONS[color]} />
                  <span>
                    {check} <span className="soft">{seen}</span>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
    </section>
  );
}

const SAMPLE_TONES = { green: 'good', red: 'bad', unknown: 'quiet' } as const;
const SAMPLE_ICONS = { green: 'check', red: 'cross', unknown: 'question' } as const;
