import { useState } from 'react';
import type { Run } from '../api/types.ts';
import { useAct } from '../api/use-api.ts';
import { Problem } from '../part/problem.tsx';
import { spanWords } from '../time/words.ts';

/** An hour after its first change nobody waits any longer; shorter ones are worth no click. */
const SPANS_MS = [300_000, 600_000, 1_200_000, 1_800_000] as const;

interface MoreTimeProps {
  readonly run: Run;
  /** Undefined while it is not known, and where the run needs none. */
  readonly token: string | undefined;
  readonly isKnown: boolean;
}

/** Gives a run that waits to be confirmed more time than its deadline leaves it. */
export function MoreTime({ run: { run, nonce }, token, isKnown }: MoreTimeProps) {
  const [ms, setMs] = useState<number>(SPANS_MS[1]);
  const extend = useAct('runExtend');
  return (
    <div className="more-time">
      {extend.error !== null && <Problem error={extend.error} />}
      <select
        className="field"
        aria-label="How much more time"
        value={ms}
        onChange={(event) => setMs(Number(event.target.value))}
      >
        {SPANS_MS.map((span) => (
          <option key={span} value={span}>
            {spanWords(span)}
          </option>
        ))}
      </select>
      <button
        className="button button-large"
        disabled={!isKnown || extend.isPending}
        onClick={() =>
          extend.mutate({
            run,
            seconds: ms / 1000,
            ...(nonce === undefined ? {} : { nonce }),
            ...(token === undefined ? {} : { token }),
          })
        }
      >
        {extend.isPending ? 'Asking…' : 'More time'}
      </button>
    </div>
  );
}
