import { err, ok, type Result } from '../../base/result.ts';
import type { StateSpec } from '../../model/component/component.ts';
import type { Pause, Quiesce } from '../../model/component/pause.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ProviderCall } from '../../ports/provider-call.ts';
import type { Provider } from '../../ports/provider.ts';
import type { Pauses } from './pauses.ts';

/** The calls about who stands still. */
export type PauseCall = ProviderCall & { readonly method: 'pause' | 'resume' | 'paused' };

/** What answering them needs. */
export interface PauseCallParts {
  readonly provider: Provider<unknown>;
  readonly spec: unknown;
  readonly signal: AbortSignal;
  readonly pauses: Pauses | undefined;
}

/** Whether a call is about who stands still. */
export function isPauseCall(call: ProviderCall): call is PauseCall {
  const { method } = call;
  return method === 'pause' || method === 'resume' || method === 'paused';
}

/** Pauses or lets go on whom the state names, and nobody else. */
export async function answerPause(
  call: PauseCall,
  { provider, spec, signal, pauses }: PauseCallParts,
): Promise<Result<unknown>> {
  const { method, state, run, writer, seconds } = call;
  if (method === 'paused') return ok((await pauses?.list()) ?? []);
  if (run === undefined || writer === undefined) {
    return err(lgError('LG_RUNTIME_USAGE', `${method} names a run and a writer`));
  }
  if (pauses === undefined) {
    // Nobody was paused here either.
    if (method === 'resume') return ok('resumed');
    const what = `${writer}: nobody here would let it go on when we do not`;
    return err(lgError('LG_PROVIDER_PAUSE', what));
  }
  const { component } = state;
  if (method === 'resume') return pauses.resume(run, component, writer, signal);
  if (seconds === undefined) return err(lgError('LG_RUNTIME_USAGE', 'pause says for how long'));
  const pause = named(state, provider.writers(spec), writer);
  if (pause === undefined) {
    return err(lgError('LG_PROVIDER_NOT_ALLOWED', `${state.id} has no writer ${writer}`));
  }
  // Its own limit is the host's to keep, whatever the caller says.
  const limit = 'limitMs' in pause ? pause.limitMs / 1000 : seconds;
  const order = { run, component, pause, seconds: Math.min(seconds, limit) };
  const told = await pauses.pause(order, signal);
  return told.ok ? ok(undefined) : told;
}

function named(
  { writers = [], quiesce }: StateSpec,
  known: readonly Pause[],
  name: string,
): Pause | Quiesce | undefined {
  const all = [...known, ...writers, ...(quiesce === undefined ? [] : [quiesce])];
  return all.find((one) => one.name === name);
}
