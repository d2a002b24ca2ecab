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
        <p className="soft">
          <Hint text={error.hint} />
        </p>
      </div>
      {retry !== undefined && (
        <button className="button button-bare" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Commands in a hint stand between backticks, as in a terminal. */
function Hint({ text }: { readonly text: string }) {
  return text.split('`').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
