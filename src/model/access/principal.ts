/** What a token may be for; `admin` holds all permissions, `ingest` may only send. */
export const ROLES = ['viewer', 'responder', 'approver', 'admin', 'ingest'] as const;

/** One of `ROLES`. */
export type Role = (typeof ROLES)[number];

/** What a caller may do. */
export type Permission =
  | 'read'
  | 'ingest'
  | 'checkpoint'
  | 'plan'
  | 'apply'
  | 'confirm'
  | 'cancel'
  | 'incident'
  | 'approve'
  | 'administer';

/** Who asks for a rollback that begins by itself: nobody who authenticates bears this name. */
export const AUTOMATIC = 'automatic';

/** Who calls, after authentication. */
export interface Principal {
  /** `token:<id>`, `cert:<subject>`, `local:<user>` or `lastgood` for the product itself. */
  readonly id: string;
  readonly role: Role;
  /** Only these components, absent for all. */
  readonly components?: readonly string[];
}

const RESPONDER: readonly Permission[] = [
  'read',
  'checkpoint',
  'plan',
  'apply',
  'confirm',
  'cancel',
  'incident',
];

const GRANTS: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read'],
  responder: RESPONDER,
  approver: [...RESPONDER, 'approve'],
  admin: [...RESPONDER, 'approve', 'administer', 'ingest'],
  ingest: ['ingest'],
};

/** Whether a principal may do something, on a component where one is named. */
export function isAllowed(who: Principal, what: Permission, component?: string): boolean {
  if (!GRANTS[who.role].includes(what)) return false;
  return component === undefined || who.components?.includes(component) !== false;
}

/** Whether a word names a role. */
export function isRole(word: string): word is Role {
  return ROLES.some((role) => role === word);
}
