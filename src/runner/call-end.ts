import type { Json } from '../base/canonical-json.ts';
import { isDiskFull } from '../base/disk-full.ts';
import { LastgoodError, messageOf, systemCode } from '../base/error.ts';
import { err, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { ProviderCall } from '../ports/provider-call.ts';

/** Answers when the signal ends a call, even when the provider does not hear it. */
export function aborted(signal: AbortSignal): Promise<Result<Json>> {
  return new Promise((resolve) => {
    const answer = (): void => resolve(err(reasonOf(signal)));
    if (signal.aborted) answer();
    else signal.addEventListener('abort', answer, { once: true });
  });
}

function reasonOf(signal: AbortSignal): LastgoodError {
  const reason: unknown = signal.reason;
  return reason instanceof LastgoodError ? reason : lgError('LG_RUNTIME_BUG', messageOf(reason));
}

/** Why a call ends that took longer than it may. */
export function timeoutOf(call: ProviderCall): LastgoodError {
  const what = `${call.state.id}: ${call.method} took longer than ${call.deadlineMs} ms`;
  return lgError('LG_PROVIDER_TIMEOUT', what);
}

/** What somebody who called is told of what was thrown. */
export function errorOf(call: ProviderCall, thrown: unknown, signal: AbortSignal): LastgoodError {
  if (thrown instanceof LastgoodError) return thrown;
  if (signal.aborted) return reasonOf(signal);
  const what = `${call.state.id}: ${call.method}: ${messageOf(thrown)}`;
  if (isDiskFull(thrown)) return lgError('LG_STORE_DISK_FULL', what, thrown);
  if (systemCode(thrown) === undefined) return lgError('LG_RUNTIME_BUG', what, thrown);
  return lgError('LG_PROVIDER_UNREADABLE', what, thrown);
}
