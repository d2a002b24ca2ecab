import type { Run } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Label } from '../part/label.tsx';

/** A person looks at so many; the comparison of the checkpoint has all. */
const LISTED_MAX = 20;

/** Who mends it by hand wants to see soon that it counts; each look reads the states. */
const LOOK_EVERY_MS = 15_000;

const OPS = { create: 'made', update: 'changed', delete: 'removed' } as const;

/** What somebody else wrote where a run stopped: going back stops there again. */
export function ForeignItems({ run: { run } }: { readonly run: Run }) {
  const foreign = useApi('runForeign', { run }, { everyMs: LOOK_EVERY_MS });
  const changes = foreign.data?.changes ?? [];
  if (changes.length === 0) return null;
  const more = changes.length - LISTED_MAX;
  return (
    <section aria-label="Changed by somebody else">
      <h3>Changed by somebody else: going back to before stops there again</h3>
      <ul className="foreign-items">
        {changes.slice(0, LISTED_MAX).map(({ state, path, op }) => (
          <li key={`${state} ${path}`}>
            {state} <span className="mono">{path}</span> <Label tone="bad">{OPS[op]}</Label>
          </li>
        ))}
        {more > 0 && <li className="soft">and {more} more</li>}
      </ul>
      <p className="soft">
        As neither before the run nor its target has it. Accept it; or plan the way on to the
        target, which shows what overwrites it; or make it as before, then go back.
      </p>
    </section>
  );
}
