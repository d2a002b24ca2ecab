import type { Change } from '../api/types.ts';

/** Changes that are read together: of one state, and where it has sections, of one of these. */
export interface ChangeGroup {
  readonly key: string;
  readonly state: string;
  readonly section?: string;
  readonly changes: readonly Change[];
}

/** Groups changes in the order in which state and section first come up. */
export function groupsOf(changes: readonly Change[]): readonly ChangeGroup[] {
  const groups = new Map<string, ChangeGroup & { readonly changes: Change[] }>();
  for (const change of changes) {
    const { state, section } = change;
    const key = `${state}\n${section ?? ''}`;
    const known = groups.get(key);
    if (known !== undefined) known.changes.push(change);
    else {
      groups.set(key, {
        key,
        state,
        ...(section === undefined ? {} : { section }),
        changes: [change],
      });
    }
  }
  return [...groups.values()];
}
