import { useMemo } from 'react';
import type { Change, Plan } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { reversedDiff } from '../checkpoint/reversed-diff.ts';

/**
 * A plan's changes with the text that going back takes away and brings. A plan itself carries none:
 * it is a value of fingerprints. The text is the difference of the target and now, the other way
 * round; once the world has moved on, the changes stand without it.
 */
export function useChangeTexts({ target, components, changes }: Plan): readonly Change[] {
  const isNeeded = changes.some(({ text, secret }) => text === undefined && !secret);
  const diff = useApi(
    'checkpointDiff',
    { id: target, other: 'now', component: [...components] },
    { enabled: isNeeded },
  );
  return useMemo(() => {
    const texts = new Map<string, string>();
    for (const { state, path, text } of diff.data?.changes ?? []) {
      if (text !== undefined) texts.set(`${state} ${path}`, reversedDiff(text));
    }
    return changes.map((change) => {
      const text = change.text ?? texts.get(`${change.state} ${change.path}`);
      return text === undefined || change.secret ? change : { ...change, text };
    });
  }, [changes, diff.data]);
}
