import type { StateItem } from '../../model/checkpoint/capture.ts';
import { sameItem } from '../../model/checkpoint/same-item.ts';
import type { PlanState } from './plan-input.ts';

/** As many as a person reads; one is reason enough to look at the difference. */
const NAMED_MAX = 20;

/**
 * Files that would run with rights of their own: a set-user-id or set-group-id bit, or an extended
 * attribute of the kernel's (file capabilities), where they or the content differ from what is
 * there now. Whoever reads the plan must not have to find them among a thousand changes.
 */
export function privilegeRisks({
  state,
  now,
  wanted,
}: Pick<PlanState, 'state' | 'now' | 'wanted'>): readonly string[] {
  const before = new Map(now.items.map((item) => [item.path, item]));
  const named = wanted.items.flatMap((item) => {
    const old = before.get(item.path);
    const [was, will] = [rightsOf(old), rightsOf(item)];
    if (was.length + will.length === 0 || sameItem(old, item)) return [];
    if (will.length === 0) return [`${state.id}: ${item.path} loses ${was.join(', ')}.`];
    return [`${state.id}: ${item.path} runs with rights of its own: ${will.join(', ')}.`];
  });
  const more = named.length - NAMED_MAX;
  if (more <= 0) return named;
  const rest = `${state.id}: ${more} more files run with rights of their own, or lose them.`;
  return [...named.slice(0, NAMED_MAX), rest];
}

function rightsOf(item: StateItem | undefined): readonly string[] {
  const { type, mode, xattrs } = { ...NONE, ...item?.attributes };
  // On a folder these bits say only whose the new files in it are.
  if (type !== 'file') return [];
  const bits = typeof mode === 'string' ? Number.parseInt(mode, 8) & 0o6000 : 0;
  const names = Object.keys(Object(xattrs)).filter((name) => name.startsWith('security.'));
  return [...(bits === 0 ? [] : [`mode ${String(mode)}`]), ...names];
}

/** Names the attributes of files, so that they can be taken apart by name. */
const NONE = { type: undefined, mode: undefined, xattrs: undefined };
