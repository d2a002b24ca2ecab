import { useState } from 'react';
import type { Plan, Run } from '../api/types.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { Ask } from '../part/ask.tsx';
import { Problem } from '../part/problem.tsx';
import { Link } from '../shell/link.tsx';
import { go, hrefOf } from '../shell/location.ts';
import { useNow } from '../time/use-now.ts';
import { agoWords, leftWords, msOf, spanWords } from '../time/words.ts';
import { keepToken } from './confirm-token.ts';
import { PlanButton } from './plan-button.tsx';
import { RunLabel } from './run-label.tsx';
import { UnderWay } from './under-way.tsx';
import { useObstacles } from './use-obstacles.ts';

/** Whoever reads a plan takes about as long. */
const SEEN_LATELY_MS = 60_000;

/** The bar at the foot of a plan: apply it, while it is fresh. */
export function ApplyBar({ plan }: { readonly plan: Plan }) {
  const { id, planHash, steps, confirmTimeoutMs, expiresAt, approval } = plan;
  const now = useNow(1_000);
  const [isBreaking, setBreaking] = useState(false);
  const apply = useAct('planApply', ({ run, token }) => {
    keepToken(run, token);
    go(hrefOf(['runs', run]));
  });
  const { own, others } = useObstacles(plan);
  const holder = others.find(({ run }) => run !== undefined)?.run;
  const done = useRunOf(id);
  const isOld = msOf(expiresAt) <= now;
  const again = {
    checkpoint: plan.target,
    components: [...plan.components],
    ...(plan.incident === undefined ? {} : { incident: plan.incident }),
  };
  const failed = apply.error !== null && !isBreaking;
  if (done !== undefined && !apply.isPending && !apply.isSuccess) return <CarriedOut run={done} />;
  // What was asked for by this very page goes on to its run.
  if (!apply.isPending && !apply.isSuccess) {
    if (own !== undefined) return <Waiting words="This plan is being carried out." run={own.run} />;
    if (holder !== undefined) return <Waiting words={HELD} run={holder} />;
  }
  return (
    <div className="bar">
      {failed && <Problem error={apply.error} />}
      <div className="bar-row">
        <p className="bar-words">
          {isOld ? (
            'This plan is too old to apply.'
          ) : (
            <>
              Nothing has changed yet. After applying, confirm within {spanWords(confirmTimeoutMs)}.
              <span className="soft">
                {' '}
                The plan holds for {leftWords(expiresAt, now)}.{seenWords(plan, now)}
              </span>
            </>
          )}
        </p>
        {(isOld || failed) && (
          <PlanButton
            input={again}
            components={plan.components}
            label="Plan again"
            reason={plan.reason}
          />
        )}
        {!isOld && approval !== undefined && (
          <button className="button button-danger" onClick={() => setBreaking(true)}>
            Break glass
          </button>
        )}
        {!isOld && (
          <button
            className="button button-primary button-large"
            disabled={apply.isPending || steps.length === 0}
            onClick={() => apply.mutate({ id, planHash })}
          >
            {apply.isPending ? 'Applying…' : applyWords(plan)}
          </button>
        )}
      </div>
      {isBreaking && (
        <Ask
          title="Apply without the second person"
          question="Why can it not wait? Everybody is told, and the audit log keeps it."
          action="Apply it now"
          pending={apply.isPending}
          error={apply.error}
          onAnswer={(breakGlass) => apply.mutate({ id, planHash, breakGlass })}
          onClose={() => setBreaking(false)}
        />
      )}
    </div>
  );
}

const HELD = 'Nothing of this plan has been done. Another rollback holds what it would change.';

/** Stands instead of what would apply the plan while a run is in its way. */
function Waiting({ words, run }: { readonly words: string; readonly run: string }) {
  const status = useApi('status', {});
  const view = status.data?.runs.find((one) => one.run === run);
  return (
    <div className="bar">
      <div className="bar-row">
        <p className="bar-words">{words}</p>
        {view !== undefined && <UnderWay run={view} />}
      </div>
    </div>
  );
}

/** A plan shows what was there when it was made; of one that is fresh that goes without saying. */
function seenWords({ createdAt }: Plan, now: number): string {
  if (now - msOf(createdAt) < SEEN_LATELY_MS) return '';
  return ` It shows what was read ${agoWords(createdAt, now)}; if that has changed, it is refused.`;
}

function applyWords({ steps, approval }: Plan): string {
  if (steps.length === 0) return 'Nothing to apply';
  const count = steps.length === 1 ? 'one step' : `${steps.length} steps`;
  return approval === undefined ? `Apply ${count}` : `Ask for approval of ${count}`;
}

/** The newest runs are enough: a plan is good for a quarter of an hour. */
const RECENT_RUNS = 50;

/** The run that kept what a plan is about; one that was turned back may be tried again. */
function useRunOf(plan: string): Run | undefined {
  const recent = useApi('runList', { limit: RECENT_RUNS });
  return recent.data?.runs.find((run) => run.plan === plan && run.state === 'COMMITTED');
}

function CarriedOut({ run }: { readonly run: Run }) {
  return (
    <div className="bar">
      <div className="bar-row">
        <p className="bar-words">
          This plan was carried out: <Link to={['runs', run.run]}>see how it went</Link>{' '}
          <RunLabel state={run.state} />
        </p>
      </div>
    </div>
  );
}
