import type { ApiError } from '../api/api-error.ts';
import { Icon } from './icon.tsx';

interface ProblemProps {
  readonly error: ApiError;
  readonly retry?: () => void;
}

/** A failed call: what happened, its code, and what to do. */
export function Problem({ error, retry }: ProblemProps) {
  return (
    <div className="problem tone-bad" role="alert">
      <Icon name="incident" />
      <div>
        <p>
          <strong>{error.message}</strong> <code>{error.code}</code>
        </p>
        <p className="soft">{error.hint}</p>
      </div>
      {retry !== undefined && (
        <button className="button button-bare" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
