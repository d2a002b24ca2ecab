import type { z } from 'zod';
import { ok, type Result } from '../../base/result.ts';
import type { Permission, Principal } from '../../model/access/principal.ts';
import { requireComponents } from '../access/permission.ts';

/** Holds a call's input to the components of the caller's token. */
export type ComponentScope = (
  who: Principal,
  input: Readonly<Record<string, unknown>>,
) => Result<Readonly<Record<string, unknown>>>;

/**
 * How a call with these members is held to a scope. Components that are named must lie within it;
 * where a list may be left out to mean all, it is filled with the scope. Calls that name none are
 * the backend's to check.
 */
export function componentScopeOf(
  shape: Readonly<Record<string, z.ZodType>>,
  permission: Permission | undefined,
): ComponentScope {
  const member = ['components', 'component'].find((name) => name in shape);
  if (member === undefined || permission === undefined) return (_who, input) => ok(input);
  const takesList = shape[member]?.safeParse(['a']).success === true;
  return (who, input) => {
    if (who.components === undefined) return ok(input);
    const named = input[member];
    if (named === undefined) return ok(takesList ? { ...input, [member]: who.components } : input);
    const names = (Array.isArray(named) ? named : [named]).map(String);
    const allowed = requireComponents(who, permission, names);
    return allowed.ok ? ok(input) : allowed;
  };
}
