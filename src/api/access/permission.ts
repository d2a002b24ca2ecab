import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isAllowed, type Permission, type Principal } from '../../model/access/principal.ts';

/** Whether the caller's role holds one of the permissions; LG_ACCESS_DENIED otherwise. */
export function requirePermission(
  who: Principal,
  permissions: readonly Permission[],
): Result<void> {
  if (permissions.length === 0 || permissions.some((one) => isAllowed(who, one))) {
    return ok(undefined);
  }
  const needed = permissions.join(' or ');
  const seen = `${who.id} has the role ${who.role}, which does not hold "${needed}"`;
  return err(lgError('LG_ACCESS_DENIED', seen));
}

/** Whether the caller may do something on whatever there is; for what nobody can name. */
export function requireEveryComponent(who: Principal, permission: Permission): Result<void> {
  if (who.components === undefined) return requireComponents(who, permission, []);
  const own = who.components.join(', ');
  const seen = `${who.id} (${who.role}) may ${permission} on ${own} only, and this may be any`;
  return err(lgError('LG_ACCESS_DENIED', seen));
}

/**
 * Whether the caller may do something to each of the components; LG_ACCESS_DENIED names the first
 * it may not. Backends call it with the components of a plan or a run, which only they know.
 */
export function requireComponents(
  who: Principal,
  permission: Permission,
  components: readonly string[],
): Result<void> {
  const denied = components.find((component) => !isAllowed(who, permission, component));
  if (denied === undefined) return ok(undefined);
  const seen = `${who.id} (${who.role}) may not ${permission} on component ${denied}`;
  return err(lgError('LG_ACCESS_DENIED', seen));
}
