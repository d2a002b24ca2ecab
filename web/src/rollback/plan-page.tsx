import { Fragment } from 'react';
import type { Plan } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { ChangeList } from '../checkpoint/change-list.tsx';
import { isKept } from '../checkpoint/checkpoint-words.ts';
import { StatusLabel } from '../checkpoint/status-label.tsx';
import { Icon } from '../part/icon.tsx';
import { Id } from '../part/id.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Person } from '../part/person.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { Shown } from '../part/shown.tsx';
import { Link } from '../shell/link.tsx';
import { spanWords } from '../time/words.ts';
import { ApplyBar } from './apply-bar.tsx';
import { silenceWords } from './run-words.ts';
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
              <Risks plan={shown} />
              <Losses plan={shown} />
              <StepList plan={shown} />
              <Changes plan={shown} />
            </div>
            <Rules plan={shown} />
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

/** What of the present state would be gone; what is only made anew loses nothing. */
function Losses({ plan: { lossTexts } }: { readonly plan: Plan }) {
  if (lossTexts.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>What is lost of the present state</h2>
      </header>
      <ul className="card-body losses">
        {lossTexts.map((text) => (
          <li key={text}>
            <SentenceLinks>{text}</SentenceLinks>
          </li>
        ))}
      </ul>
    </section>
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

function Risks({ plan }: { readonly plan: Plan }) {
  const { risks, approval } = plan;
  if (risks.length === 0 && approval === undefined) {
    return (
      <p className="problem tone-good">
        <Icon name="check" /> No risk is known: everything in it can be undone.
      </p>
    );
  }
  return (
    <section className="problem tone-warn" aria-label="Risks">
      <Icon name="incident" />
      <div>
        <h2>Risks</h2>
        <ul className="risks">
          {risks.map((risk) => (
            <li key={risk}>
              <SentenceLinks>{risk}</SentenceLinks>
            </li>
          ))}
          {approval !== undefined && (
            <li>
              <b>A second person has to approve it</b>: {approval}
            </li>
          )}
        </ul>
      </div>
    </section>
  );
}

function Reach({ demands }: { readonly demands: NonNullable<Plan['reach']> }) {
  return (
    <div>
      <h3>Must be reached before it is kept</h3>
      <ul className="checks">
        {demands.flatMap(({ component, probes }) =>
          probes.length === 0
            ? [<li key={component}>{component}: by a confirm from another machine</li>]
            : probes.map((probe) => <li key={probe}>{probe}</li>),
        )}
      </ul>
    </div>
  );
}

function Rules({ plan }: { readonly plan: Plan }) {
  const {
    checks,
    gate,
    confirmTimeoutMs,
    confirmWhy,
    onSilence,
    components,
    groups,
    planHash,
    reach,
  } = plan;
  const goals = checks.filter(({ role }) => role === 'goal');
  const guards = checks.filter(({ role }) => role === 'guard');
  return (
    <section className="card">
      <header>
        <h2>How it stays safe</h2>
      </header>
      <div className="card-body stack">
        <p>The present state is kept first, so this can be undone.</p>
        <Checks title="Must turn green" checks={goals} none="no goal is known" />
        <Checks title="Must not turn red" checks={guards} none="no guard is known" />
        {reach !== undefined && <Reach demands={reach} />}
        <dl className="facts">
          <dt>Components</dt>
          <dd>{components.join(', ')}</dd>
          {(groups ?? []).map(({ name, states }) => (
            <Fragment key={name}>
              <dt>Together</dt>
              <dd>
                {states.join(', ')} <span className="soft">group {name}, all or none</span>
              </dd>
            </Fragment>
          ))}
          <dt>Checked</dt>
          <dd>
            {gate.samples} times, {gate.intervalMs / 1000} s apart
          </dd>
          <dt>Confirm within</dt>
          <dd>
            {spanWords(confirmTimeoutMs)}
            {confirmWhy !== undefined && <span className="soft"> {confirmWhy}</span>}
          </dd>
          <dt>Silence</dt>
          <dd>{silenceWords(onSilence)}</dd>
          <dt>Plan hash</dt>
          <dd>
            <Id short={12}>{planHash}</Id>
          </dd>
        </dl>
      </div>
    </section>
  );
}

interface ChecksProps {
  readonly title: string;
  readonly checks: Plan['checks'];
  readonly none: string;
}

function Checks({ title, checks, none }: ChecksProps) {
  return (
    <div>
      <h3>{title}</h3>
      {checks.length === 0 ? (
        <p className="soft">{none}</p>
      ) : (
        <ul className="checks">
          {checks.map(({ check, component }) => (
            <li key={`${component} ${check}`}>{check}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
