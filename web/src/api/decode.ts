import type { RouteAnswer } from '../../../src/api/contract.ts';
import { ApiError } from './api-error.ts';
import type { CallName } from './calls.ts';

/** The document of a good answer: the daemon that made it also served this page. */
export function decodeAnswer<Name extends CallName>(_name: Name, text: string): RouteAnswer<Name> {
  return JSON.parse(text) as RouteAnswer<Name>;
}

/** The error of an answer that was not good; a proxy may answer in words of its own. */
export function decodeProblem(text: string, status: number): ApiError {
  const members = membersOf(text);
  const member = (name: string, fallback: string): string => {
    const value = members.get(name);
    return typeof value === 'string' ? value : fallback;
  };
  return new ApiError({
    code: member('code', 'LG_API_ANSWER_INVALID'),
    detail: member('detail', `The answer had status ${status}.`),
    hint: member('hint', 'Something between this page and the daemon answered instead of it.'),
    status,
  });
}

function membersOf(text: string): ReadonlyMap<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return new Map(typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []);
  } catch {
    return new Map();
  }
}
