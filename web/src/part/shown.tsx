import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { Problem } from './problem.tsx';

interface ShownProps<Answer> {
  readonly of: UseQueryResult<Answer, ApiError>;
  readonly children: (answer: Answer) => ReactNode;
}

/**
 * What a call answered, or that it is on its way, or why it failed. An old answer stays in sight
 * when renewing it fails, with the failure above it.
 */
export function Shown<Answer>({ of, children }: ShownProps<Answer>) {
  if (of.data === undefined) {
    if (of.error !== null) return <Problem error={of.error} retry={() => void of.refetch()} />;
    return <Waiting />;
  }
  return (
    <>
      {of.error !== null && <Problem error={of.error} retry={() => void of.refetch()} />}
      {children(of.data)}
    </>
  );
}

/** Keeps the place of something that is on its way. */
export function Waiting() {
  return (
    <div className="waiting" role="status" aria-label="Loading">
      <i />
      <i />
      <i />
    </div>
  );
}
