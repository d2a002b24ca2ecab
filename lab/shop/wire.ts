import { ServiceError } from '../../shop/service-error.ts';

/** The members of a JSON object; refuses anything else with 400. */
export function membersOf(body: unknown): ReadonlyMap<string, unknown> {
  if (typeof body === 'object' && body !== null) return new Map(Object.entries(body));
  throw new ServiceError(400, `not an object: ${JSON.stringify(body)}`);
}

/** A text of a body; refuses its absence with 400. */
export function textOf(members: ReadonlyMap<string, unknown>, name: string): string {
  const value = members.get(name);
  if (typeof value === 'string' && value !== '') return value;
  throw new ServiceError(400, `${name} is no text: ${JSON.stringify(value)}`);
}

/** A whole, positive number of a body; refuses anything else with 400. */
export function countOf(members: ReadonlyMap<string, unknown>, name: string): number {
  const value = members.get(name);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new ServiceError(400, `${name} is no count: ${JSON.stringify(value)}`);
}
