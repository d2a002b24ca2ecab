import type { LastgoodError } from './error.ts';

/**
 * What an operation whose failure is expected gives back. Broken invariants throw instead, and
 * nothing is swallowed.
 */
export type Result<Value, Failure = LastgoodError> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

/** A success. */
export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** An expected failure. */
export function err<Failure>(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}

/** The value, or the failure thrown: for callers whose own caller reports a thrown error. */
export function unwrap<Value>(result: Result<Value, Error>): Value {
  if (result.ok) return result.value;
  throw result.error;
}
