import { Fragment } from 'react';
import type { Plan } from '../api/types.ts';
import { Id } from '../part/id.tsx';
import { spanWords } from '../time/words.ts';
import { silenceWords } from './run-words.ts';

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

/** How a plan stays safe: what is checked, how long there is to confirm, what silence means. */
export function PlanRules({ plan }: { readonly plan: Plan }) {
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
