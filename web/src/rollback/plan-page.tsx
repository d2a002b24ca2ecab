import type { Plan } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { ChangeList } from '../checkpoint/change-list.tsx';
import { isKept } from '../checkpoint/checkpoint-words.ts';
import { StatusLabel } from '../checkpoint/status-label.tsx';
import { Id } from '../part/id.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Person } from '../part/person.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { Shown } from '../part/shown.tsx';
import { Link } from '../shell/link.tsx';
import { ApplyBar } from './apply-bar.tsx';
import { PlanRules } from './plan-rules.tsx';
import { InTheWay, Losses, Risks } from './plan-risks.tsx';
import { StepList } from './step-list.tsx';
import { useChangeTexts } from './use-change-texts.ts';
import '../checkpoint/checkpoint.css';
import './rollback.css';

/** One plan: what would be done, what it risks, and the button that does it. */
export function PlanPage({ id }: { readonly id: string }) {
  const plan = useApi('planShow', { id });
  return (
    <Shown of={plan}>
      {(shown) => (
        <>
          <Head plan={shown} />
          <div className="plan-columns">
            <div className="stack">
              <InTheWay plan={shown} />
              <Risks plan={shown} />
              <Losses plan={shown} />
              <StepList plan={shown} />
              <Changes plan={shown} />
            </div>
            <PlanRules plan={shown} />
          </div>
          <ApplyBar plan={shown} />
        </>
      )}
    </Shown>
  );
}

function Head({ plan }: { readonly plan: Plan }) {
  const { target, targetStatus, reason, requestedBy, incident, undoOf } = plan;
  return (
    <div className="page-head">
      <div>
        <h1>
          {undoOf === undefined ? 'Plan: go back to' : `Plan: undo ${undoOf}, back to`}{' '}
          <Id to={['checkpoints', target]}>{target}</Id>
          <StatusLabel status={targetStatus} />
          {!isKept(targetStatus) && <span className="soft">unproven</span>}
        </h1>
        <p>
          {reason} · by <Person id={requestedBy} />
          {incident !== undefined && (
            <>
              {' · '}
              <Link to={['incidents', incident]}>incident {incident}</Link>
            </>
          )}
        </p>
        <Choice plan={plan} />
      </div>
    </div>
  );
}

/** Why it goes there, and which checkpoint came second. */
function Choice({ plan: { choice, targetClaim } }: { readonly plan: Plan }) {
  const second = choice?.runnerUp;
  return (
    <>
      <p className="soft">
        {choice !== undefined && (
          <>
            Chosen because <SentenceLinks short>{choice.why}</SentenceLinks>.{' '}
          </>
        )}
        {targetClaim}.
      </p>
      {second !== undefined && (
        <p className="soft">
          Second: <Id to={['checkpoints', second.checkpoint]}>{second.checkpoint}</Id>{' '}
          <StatusLabel status={second.status} /> {second.why}
        </p>
      )}
    </>
  );
}

function Changes({ plan }: { readonly plan: Plan }) {
  const changes = useChangeTexts(plan);
  return (
    <section className="card">
      <header>
        <h2>What changes</h2>
      </header>
      {changes.length === 0 ? (
        <Nothing title="Nothing">Everything is already as the checkpoint has it.</Nothing>
      ) : (
        <ChangeList changes={changes} />
      )}
    </section>
  );
}
