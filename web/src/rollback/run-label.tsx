import type { RunState } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import { RUN_LOOK } from './run-words.ts';

/** A run's state. */
export function RunLabel({ state }: { readonly state: RunState }) {
  const { tone, words } = RUN_LOOK[state];
  return (
    <Label tone={tone} title={state}>
      {words}
    </Label>
  );
}
