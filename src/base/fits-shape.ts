import { assertUnreachable } from './assert.ts';

/** What a member must be; `text?` may be absent. Further members are ignored. */
export type Shape = {
  readonly [member: string]: 'text' | 'text?' | 'truth' | 'number' | 'list' | Shape;
};

/** Whether a value that was stored has every member that its reader relies on. */
export function fitsShape(value: unknown, shape: Shape): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  return Object.entries(shape).every(([name, wanted]) => fitsMember(members.get(name), wanted));
}

/** As `fitsShape`, of the shape that its `kind` names; false for a kind that none names. */
export function fitsKind(value: unknown, shapes: Readonly<Record<string, Shape>>): boolean {
  const isObject = typeof value === 'object' && value !== null && 'kind' in value;
  const kind = isObject && typeof value.kind === 'string' ? value.kind : undefined;
  const shape = kind !== undefined && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
  return shape !== undefined && fitsShape(value, shape);
}

function fitsMember(member: unknown, wanted: Shape[string]): boolean {
  if (typeof wanted === 'object') return fitsShape(member, wanted);
  switch (wanted) {
    case 'text':
      return typeof member === 'string';
    case 'text?':
      return member === undefined || typeof member === 'string';
    case 'truth':
      return typeof member === 'boolean';
    case 'number':
      return typeof member === 'number';
    case 'list':
      return Array.isArray(member);
    default:
      return assertUnreachable(wanted);
  }
}
