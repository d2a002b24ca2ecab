import { err, ok, type Result } from '../base/result.ts';
import type { LastgoodError } from '../base/error.ts';
import type { BlobHash, StateImage } from '../model/checkpoint/capture.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { ProviderCall } from '../ports/provider-call.ts';
import type { Provider, ProviderCapabilities, ProviderIo } from '../ports/provider.ts';
import type { DeadMen } from './deadman/dead-men.ts';
import type { Pauses } from './pause/pauses.ts';

const TIMER_METHODS = [
  'foresee',
  'expect',
  'forgo',
  'arm',
  'extend',
  'pending',
  'confirm',
  'cancel',
] as const;

/** The calls about timers. */
export type TimerCall = ProviderCall & {
  readonly method: (typeof TIMER_METHODS)[number];
};

/** What answering them needs. */
export interface TimerParts {
  readonly provider: Provider<unknown>;
  readonly spec: unknown;
  readonly io: ProviderIo;
  readonly deadMen: DeadMen | undefined;
  readonly pauses: Pauses | undefined;
  /** The image of an `arm`, refused unless it may be applied here; P and T alike. */
  readonly allowed: (image: BlobHash) => Promise<Result<StateImage>>;
}

/** Whether a call is about a timer. */
export function isTimerCall(call: ProviderCall): call is TimerCall {
  return TIMER_METHODS.some((method) => method === call.method);
}

/**
 * Asks the target's own timer, or the dead-man that stands in where the target has none. Both keep
 * the contract of `RevertTimer`, so nobody beyond this needs to know which it is.
 */
export async function answerTimer(call: TimerCall, parts: TimerParts): Promise<Result<unknown>> {
  const { provider, spec, io, deadMen } = parts;
  const { timer } = provider;
  const { run, method, state } = call;
  if (method === 'pending') {
    if (timer !== undefined) return timer.pending(spec, io);
    return ok((await deadMen?.pending(state.id)) ?? []);
  }
  if (method === 'foresee') {
    // It is of no run yet, and a target's own timer takes no time to start.
    if (timer === undefined) deadMen?.keepSpare();
    return ok(undefined);
  }
  if (run === undefined) return err(lgError('LG_RUNTIME_USAGE', `${method} names a run`));
  if (method === 'expect' || method === 'forgo') {
    if (timer === undefined) await deadMen?.[method](run);
    return ok(undefined);
  }
  if (method === 'arm') return arm(call, run, parts);
  if (method === 'extend') return extend(call, run, parts);
  if (timer !== undefined) {
    return method === 'confirm' ? timer.confirm(spec, run, io) : timer.cancel(spec, run, io);
  }
  if (deadMen === undefined) return err(withoutTimer(call));
  if (method === 'confirm') return ok(await deadMen.confirm(run));
  const report = await deadMen.cancel(run, io.signal);
  if (report.ok && report.value !== undefined) {
    io.log.warn('DeadManReported', { run, ...report.value });
  }
  return report.ok ? ok(undefined) : report;
}

async function arm(
  call: TimerCall,
  run: string,
  { provider, spec, io, deadMen, allowed }: TimerParts,
): Promise<Result<unknown>> {
  const { desired, wanted, seconds, runToken, target, state } = call;
  if (desired === undefined || wanted === undefined || seconds === undefined) {
    return err(lgError('LG_RUNTIME_USAGE', 'arm needs both images and how long'));
  }
  const before = await allowed(desired);
  if (!before.ok) return before;
  if (provider.timer !== undefined) {
    return provider.timer.arm(spec, { run, seconds, before: before.value }, io);
  }
  if (deadMen === undefined) return err(withoutTimer(call));
  const guarded = { state, before: desired, wanted, host: io.host };
  // A dead-man ends with its host's boot, and so does what it was armed for.
  const whole = target === undefined ? guarded : { ...guarded, target };
  return deadMen.arm({ run, seconds, token: runToken ?? 0, guarded: whole }, io, io.signal);
}

/** Nobody is given less time than he has, and nobody who was not waiting is made to. */
async function extend(
  call: TimerCall,
  run: string,
  { provider, spec, io, deadMen, pauses }: TimerParts,
): Promise<Result<unknown>> {
  const { seconds, state, writer } = call;
  if (seconds === undefined) return err(lgError('LG_RUNTIME_USAGE', 'extend says by how long'));
  if (writer !== undefined) return (await pauses?.extend(run, seconds)) ?? ok(undefined);
  const { timer } = provider;
  if (timer === undefined) return deadMen?.extend(run, seconds) ?? err(withoutTimer(call));
  if (timer.extend !== undefined) return timer.extend(spec, run, seconds, io);
  return err(
    lgError('LG_PROVIDER_TIMER', `${state.id}: the deadline of its timer cannot be moved`),
  );
}

function withoutTimer({ method, state }: ProviderCall): LastgoodError {
  return lgError('LG_PROVIDER_TIMER', `${state.id}: ${method}, and there is no timer`);
}

/** What the engine is told of a target without a timer, on a host that has dead-men. */
export function withDeadMan(
  capabilities: ProviderCapabilities,
  deadMen: DeadMen | undefined,
): ProviderCapabilities {
  const { confirm, restorable } = capabilities;
  if (deadMen === undefined || confirm !== 'none' || !restorable) return capabilities;
  return { ...capabilities, confirm: 'supervisor', confirmSurvives: deadMen.survives };
}
