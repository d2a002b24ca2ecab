import type { Status } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Link } from '../shell/link.tsx';
import { componentHealth } from './component-health.ts';

/** Enough for a screen's width; the rest is one click away on the timeline. */
const CHIPS_MAX = 12;

const WORDS = { good: 'well', warn: 'doubtful', bad: 'broken', busy: 'busy', quiet: 'unknown' };

/** The components as chips, the broken ones first; each leads to its part of the timeline. */
export function ComponentChips(props: {
  readonly status: Status | undefined;
  readonly now: number;
}) {
  const components = useApi('componentList', {}, { everyMs: 30_000 });
  const triggers = useApi('triggerList', {}, { everyMs: 5_000 });
  const checkpoints = useApi('checkpointList', { limit: 1 }, { everyMs: 30_000 });
  const all = componentHealth(
    components.data?.components ?? [],
    triggers.data?.triggers ?? [],
    props.status,
    checkpoints.data?.checkpoints[0],
    props.now,
  );
  const rank = { bad: 0, warn: 1, busy: 2, quiet: 3, good: 4 } as const;
  const shown = all.toSorted((a, b) => rank[a.tone] - rank[b.tone]).slice(0, CHIPS_MAX);
  return (
    <ul className="chips" aria-label="Components">
      {shown.map(({ name, tone, why }) => (
        <li key={name}>
          <Link
            to={['timeline']}
            query={{ component: name }}
            className={`chip tone-${tone}`}
            title={why}
          >
            <i aria-hidden="true" />
            {name}
            <span className="unseen">: {WORDS[tone]}</span>
          </Link>
        </li>
      ))}
      {all.length > shown.length && (
        <li>
          <span className="chip tone-quiet">{all.length - shown.length} more</span>
        </li>
      )}
    </ul>
  );
}
