import { canonicalJson } from '../../base/canonical-json.ts';
import { isLoopback } from '../../base/loopback.ts';
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
  const asked = sentenceOf(name, caller, input) ?? detailOf(input, made);
  return {
    principal: caller.principal.id,
    action: action ?? name,
    object: String(object),
    outcome: result.ok ? 'done' : isRefused ? 'refused' : 'failed',
    detail: result.ok ? asked : `${result.error.code}: ${result.error.detail} (${asked})`,
  };
}

/** How a run was decided, or given more time, for who reviews it: on what proof, from where. */
function sentenceOf(
  name: string,
  { remote }: Caller,
  input: Readonly<Record<string, unknown>>,
): string | undefined {
  const run = String(input['run']);
  const way = isLoopback(remote) ? `this machine (${remote})` : remote;
  if (name === 'runCancel') return `cancel of ${run}, over a connection from ${way}`;
  const proof = typeof input['token'] === 'string' ? 'with a token' : 'without a token';
  if (name === 'runConfirm') return `confirm of ${run} ${proof}, over a connection from ${way}`;
  if (name !== 'runExtend') return undefined;
  const more = `${String(input['seconds'])} s more for ${run}`;
  return `${more} ${proof}, over a connection from ${way}`;
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
