import { useState } from 'react';
import type { RouteCall } from '../../../src/api/contract.ts';
import { useAct } from '../api/use-api.ts';
import { Ask } from '../part/ask.tsx';
import { Icon } from '../part/icon.tsx';
import { go, hrefOf } from '../shell/location.ts';
import type { RollbackWish } from './run-in-the-way.ts';
import { UnderWay, useRunInTheWay } from './under-way.tsx';

interface PlanButtonProps extends Pick<RollbackWish, 'components'> {
  readonly input: Omit<RouteCall<'planCreate'>, 'reason'>;
  readonly label: string;
  readonly primary?: boolean;
  /** What the reason most likely is; it can be changed. */
  readonly reason?: string;
}

/**
 * Asks for a reason, has the daemon make a plan, and goes to it. Nothing is changed by a plan, so
 * one can be made while a rollback is under way; that is shown beside it, and bars only applying.
 */
export function PlanButton(props: PlanButtonProps) {
  const { input, components, label, primary = false, reason = '' } = props;
  const inTheWay = useRunInTheWay({ incident: input.incident, components });
  const [isAsking, setAsking] = useState(false);
  const plan = useAct('planCreate', ({ id }) => {
    setAsking(false);
    go(hrefOf(['plans', id]));
  });
  return (
    <>
      {inTheWay !== undefined && <UnderWay run={inTheWay} />}
      <button
        className={primary ? 'button button-primary' : 'button'}
        onClick={() => setAsking(true)}
      >
        <Icon name="rollback" /> {label}
      </button>
      {isAsking && (
        <Ask
          title="Plan a rollback"
          question="Why? The audit log keeps it. Nothing is changed yet."
          action={plan.isPending ? 'Planning…' : 'Show me the plan'}
          initial={reason}
          pending={plan.isPending}
          error={plan.error}
          onAnswer={(text) => plan.mutate({ ...input, reason: text })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
