import type { RunState } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import { RUN_LOOK } from './run-words.ts';

/** What a person has accepted as it is calls nobody any more. */
const LEFT = { tone: 'quiet', words: 'left as it is' } as const;

/** A run's state. */
export function RunLabel(props: { readonly state: RunState; readonly released?: boolean }) {
  const { state, released = false } = props;
  const { tone, words } = released ? LEFT : RUN_LOOK[state];
  return (
    <Label tone={tone} title={state}>
      {words}
    </Label>
  );
}
