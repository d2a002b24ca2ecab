import { canonicalJson } from '../../base/canonical-json.ts';
import type { Result } from '../../base/result.ts';
import type { AuditFact } from '../access/audit-log.ts';
import type { Caller } from '../backend.ts';

/** Members of calls that must never be written down. */
const SECRETS: readonly string[] = ['token', 'nonce'];

/** Members that name what a call is about, the most telling first. */
const NAMES = ['id', 'run', 'component', 'checkpoint', 'directory'] as const;

/**
 * What the audit log keeps of a call: every write, and every refusal by policy (exit code 4) also
 * of a read. Undefined for what it does not keep.
 */
export function auditFactOf(
  action: string | undefined,
  name: string,
  caller: Caller,
  input: Readonly<Record<string, unknown>>,
  result: Result<unknown>,
): AuditFact | undefined {
  const isRefused = !result.ok && result.error.entry.exit === 4;
  if (action === undefined && !isRefused) return undefined;
  const made: Readonly<Record<string, unknown>> = result.ok ? { ...Object(result.value) } : {};
  const named = NAMES.map((member) => input[member]).find((value) => typeof value === 'string');
  const object = named ?? made['id'] ?? made['run'] ?? '';
  return {
    principal: caller.principal.id,
    action: action ?? name,
    object: String(object),
    outcome: result.ok ? 'done' : isRefused ? 'refused' : 'failed',
    detail: result.ok
      ? detailOf(input, made)
      : `${result.error.code}: ${result.error.detail} (${detailOf(input, made)})`,
  };
}

/** What was asked for, and the run it started, on one line. */
function detailOf(
  input: Readonly<Record<string, unknown>>,
  made: Readonly<Record<string, unknown>>,
): string {
  const said = Object.entries(input).filter(([member]) => !SECRETS.includes(member));
  const run = typeof made['run'] === 'string' ? ` started ${made['run']}` : '';
  return canonicalJson(Object.fromEntries(said)) + run;
}
