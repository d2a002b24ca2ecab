import type { Run } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Link } from '../shell/link.tsx';
import { runInTheWay, type RollbackWish } from './run-in-the-way.ts';
import { RunLabel } from './run-label.tsx';

/** The run that a rollback would have to wait for, if any. */
export function useRunInTheWay(wish: RollbackWish): Run | undefined {
  const status = useApi('status', {});
  return runInTheWay(status.data?.runs ?? [], wish);
}

/** Stands beside what plans a rollback, and instead of what would start one. */
export function UnderWay({ run }: { readonly run: Run }) {
  return (
    <span className="under-way">
      <Link to={['runs', run.run]}>
        {run.state === 'NEEDS_OPERATOR'
          ? 'A rollback stands still here'
          : 'A rollback is under way'}
      </Link>{' '}
      <RunLabel state={run.state} />
    </span>
  );
}
