import type { Json } from '../base/canonical-json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { StateSpec } from '../model/component/component.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { Bus } from '../ports/bus.ts';
import type { ProviderCall } from '../ports/provider-call.ts';
import type { ProviderClient } from '../ports/provider-client.ts';
import {
  decodeApplied,
  decodeCapabilities,
  decodeConfirmed,
  decodeIdentity,
  decodeNothing,
  decodeObserved,
  decodePaused,
  decodePending,
  decodeReasons,
  decodeResumed,
} from './decode-provider-answer.ts';
import { providerSubject } from './host-runner.ts';

/** How long calls may take. */
export interface CallDeadlines {
  /** capabilities, identify. */
  readonly askMs: number;
  /** observe, capture, validate: they may read gigabytes. */
  readonly lookMs: number;
  /** apply, restart included. */
  readonly applyMs: number;
}

/** Far above what the measured sizes need, far below what an operator waits for. */
export const CALL_DEADLINES: CallDeadlines = {
  askMs: 10_000,
  lookMs: 300_000,
  applyMs: 600_000,
};

/** foresee, arm, confirm, cancel, …: a process is started or waited for, within a minute. */
const TIMER_MS = 55_000;

/** pause, resume: a process is started, or a command of at most a minute and the look after it. */
const PAUSE_MS = 150_000;

/** The runner answers at its deadline by itself; the message needs a moment more. */
const TRAVEL_MS = 2_000;

/** Makes provider calls over a bus; `hostOf` names the host a state lives on. */
export function providerClient(
  bus: Pick<Bus, 'request'>,
  hostOf: (state: StateSpec) => string,
  newId: () => string,
  deadlines: CallDeadlines = CALL_DEADLINES,
): ProviderClient {
  const ask = async <Answer>(
    state: StateSpec,
    method: ProviderCall['method'],
    deadlineMs: number,
    decode: (answer: Json) => Answer | undefined,
    rest: Partial<ProviderCall> = {},
  ): Promise<Result<Answer>> => {
    const call: ProviderCall = { id: newId(), method, state, deadlineMs, ...rest };
    const message: Json = JSON.parse(JSON.stringify(call));
    const answer = await bus.request(
      providerSubject(hostOf(state)),
      message,
      deadlineMs + TRAVEL_MS,
    );
    if (!answer.ok) return answer;
    const decoded = decode(answer.value);
    if (decoded !== undefined) return ok(decoded);
    return err(lgError('LG_RUNTIME_BUG', `${state.id}: ${method} answered something else`));
  };
  const { askMs, lookMs, applyMs } = deadlines;
  const tell = async (
    state: StateSpec,
    method: ProviderCall['method'],
    rest: Partial<ProviderCall>,
  ): Promise<Result<void>> => {
    const told = await ask(state, method, TIMER_MS, decodeNothing, rest);
    return told.ok ? ok(undefined) : told;
  };
  return {
    capabilities: (state) => ask(state, 'capabilities', askMs, decodeCapabilities),
    identify: (state) => ask(state, 'identify', askMs, decodeIdentity),
    observe: (state) => ask(state, 'observe', lookMs, decodeObserved),
    capture: (state) => ask(state, 'capture', lookMs, decodeObserved),
    validate: (state, desired) => ask(state, 'validate', lookMs, decodeReasons, { desired }),
    apply: (state, order) => ask(state, 'apply', applyMs, decodeApplied, order),
    fence: (state, by) => tell(state, 'fence', by),
    foresee: (state) => tell(state, 'foresee', {}),
    expect: (state, by) => tell(state, 'expect', by),
    forgo: (state, by) => tell(state, 'forgo', by),
    arm: (state, order) => tell(state, 'arm', order),
    extend: (state, order) => tell(state, 'extend', order),
    pending: (state) => ask(state, 'pending', TIMER_MS, decodePending),
    confirm: (state, by) => ask(state, 'confirm', TIMER_MS, decodeConfirmed, by),
    cancel: (state, by) => tell(state, 'cancel', by),
    async pause(state, order) {
      const told = await ask(state, 'pause', PAUSE_MS, decodeNothing, order);
      return told.ok ? ok(undefined) : told;
    },
    resume: (state, order) => ask(state, 'resume', PAUSE_MS, decodeResumed, order),
    paused: (state) => ask(state, 'paused', askMs, decodePaused),
  };
}
