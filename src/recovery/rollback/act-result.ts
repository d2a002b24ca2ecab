import type { Result } from '../../base/result.ts';
import type { ActResult } from './step/act.ts';

/** What came of a deed that answers nothing. */
export function done(result: Result<unknown>): ActResult {
  return result.ok ? { kind: 'done' } : failed(result);
}

/** An act that was refused, or had no answer. */
export function failed(result: Extract<Result<never>, { ok: false }>): ActResult {
  return { kind: 'failed', why: result.error.detail, code: result.error.code };
}
