import { useState } from 'react';
import type { Run } from '../api/types.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { Ask } from '../part/ask.tsx';
import { Icon } from '../part/icon.tsx';
import { Person } from '../part/person.tsx';
import { Problem } from '../part/problem.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { useNow } from '../time/use-now.ts';
import { leftWords } from '../time/words.ts';
import { whyNotApprove } from './why-not-approve.ts';

/** What a run that waits for a second person would lose: what that person answers for. */
export function WordNeeded({ run }: { readonly run: Run }) {
  const { approval, requestedBy, planHash } = run;
  if (approval === undefined) return null;
  return (
    <section className="problem tone-warn" aria-label="What would be lost">
      <Icon name="incident" />
      <div>
        <h2>It waits for a second person: {approval.why}</h2>
        <ul className="risks">
          {approval.risks.map((risk) => (
            <li key={risk}>
              <SentenceLinks>{risk}</SentenceLinks>
            </li>
          ))}
        </ul>
        <p className="fine">
          Asked for by <Person id={requestedBy} />. Whoever approves answers for the plan with the
          hash <span className="mono">{planHash.slice(0, 16)}…</span>
        </p>
      </div>
    </section>
  );
}

/** The foot of a run that waits for a second person: the two answers, for those who may. */
export function WordBar({ run: waiting }: { readonly run: Run }) {
  const { run, planHash, approval } = waiting;
  const [isRejecting, setRejecting] = useState(false);
  const session = useApi('sessionShow', {});
  const approve = useAct('runApprove');
  const reject = useAct('runReject', () => setRejecting(false));
  const cancel = useAct('runCancel');
  const now = useNow(1_000);
  if (session.data === undefined) return null;
  const whyNot = whyNotApprove(session.data, waiting);
  const left = approval === undefined ? '' : ` ${leftWords(approval.until, now)} left.`;
  return (
    <div className="bar">
      {approve.error !== null && <Problem error={approve.error} />}
      {cancel.error !== null && <Problem error={cancel.error} />}
      <div className="bar-row">
        <p className="bar-words">
          {whyNot ?? 'Nothing has changed yet. Approve only what you have looked at.'}
          <span className="soft">{left}</span>
        </p>
        {whyNot === undefined ? (
          <>
            <button
              className="button button-danger button-large"
              disabled={approve.isPending}
              onClick={() => setRejecting(true)}
            >
              Reject
            </button>
            <button
              className="button button-primary button-large"
              disabled={approve.isPending}
              onClick={() => approve.mutate({ run, planHash })}
            >
              {approve.isPending ? 'Approving…' : 'Approve, let it go on'}
            </button>
          </>
        ) : (
          <button
            className="button button-danger button-large"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate({ run })}
          >
            {cancel.isPending ? 'Cancelling…' : 'Cancel it'}
          </button>
        )}
      </div>
      {isRejecting && (
        <Ask
          title="Reject this rollback"
          question="Why not? Who asked for it reads it."
          action="Reject it"
          pending={reject.isPending}
          error={reject.error}
          onAnswer={(reason) => reject.mutate({ run, reason })}
          onClose={() => setRejecting(false)}
        />
      )}
    </div>
  );
}
