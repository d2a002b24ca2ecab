import type { FoundProblem } from './problem.ts';

/** What a validator found; more than path and message only where it tells more. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
  readonly code?: string;
  /** Keys that are none, each with its line of the message. */
  readonly keys?: readonly string[];
  /** The only values that fit. */
  readonly values?: readonly unknown[];
  /** Of a union: what keeps each of its variants from fitting. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** What people write who mean `false`; YAML 1.2 takes all of these for texts. */
const MEANS_FALSE = /^(off|no|n|never|none|disabled)$/i;

/**
 * Unknown keys point at the key itself; a failed union tells the try that knows most of the keys
 * that were written, and of those the one that came furthest.
 */
export function tellIssue(issue: Issue): readonly FoundProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return (issue.keys ?? []).map((key, at) => ({
      path: [...issue.path, key],
      message: messages[at] ?? 'there is no such setting',
      atKey: true,
    }));
  }
  const tries = (issue.errors ?? []).filter((found) => found.length > 0);
  const { input: value, path } = issue;
  if (tries.some(isOnlyFalse) && typeof value === 'string' && MEANS_FALSE.test(value)) {
    const message = 'write false to switch it off: YAML 1.2 reads this word as a text';
    return [{ path, message, value }];
  }
  const ways = otherTypes(tries, value);
  if (ways !== undefined) return [{ path, message: ways, value }];
  const [deepest] = tries.toSorted(
    (a, b) => unknownKeys(a) - unknownKeys(b) || depth(b) - depth(a),
  );
  if (deepest === undefined) return [{ path, message: issue.message, value }];
  return deepest.flatMap((inner) =>
    tellIssue({ ...inner, path: [...path, ...inner.path], input: inner.input ?? value }),
  );
}

/** How a message of another type begins; what follows is one way to write it. */
const WAY = /^(?:it is missing: )?write (?<way>.*)$/s;

/** All ways to write it, where none of the variants is of the type of what was written. */
function otherTypes(tries: readonly (readonly Issue[])[], value: unknown): string | undefined {
  const found = tries.map(([only, ...more]) =>
    only !== undefined && more.length === 0 && isOtherType(only) ? only.message : '',
  );
  const ways = new Set(found.map((message) => WAY.exec(message)?.groups?.['way']));
  if (ways.size === 0 || ways.has(undefined)) return undefined;
  return `${value === undefined ? 'it is missing: ' : ''}write ${[...ways].join(' or ')}`;
}

function isOtherType({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

function isOnlyFalse(issues: readonly Issue[]): boolean {
  return issues.some(({ path, values }) => path.length === 0 && values?.[0] === false);
}

/** Of the value itself; what stands deeper is no sign that another variant was meant. */
function unknownKeys(issues: readonly Issue[]): number {
  const own = issues.filter(({ code, path }) => code === 'unrecognized_keys' && path.length === 0);
  return own.reduce((sum, { keys = [] }) => sum + keys.length, 0);
}

function depth(issues: readonly Issue[]): number {
  const custom = issues.some((issue) => issue.code === 'custom') ? 0.5 : 0;
  return Math.max(...issues.map((issue) => issue.path.length)) + custom;
}
