import { counted } from '../../base/counted.ts';
import type { Finding } from '../../api/contract.ts';
import { ok, type Result } from '../../base/result.ts';
import type { StateSpec } from '../../model/component/component.ts';
import type { ObservedState } from '../../ports/provider-client.ts';
import type { ProviderCapabilities } from '../../ports/provider.ts';
import type { Core } from '../core.ts';
import { grantFor, type Hands } from './grants.ts';

/** Nobody waits longer for a doctor; a larger state is captured all the same, a little later. */
const TRIAL_MS = 60_000;

/** Paths named of a state that cannot be read whole; the first ones show what is missing. */
const UNREADABLE_TOLD = 5;

/** One of both is not what somebody meant, and nobody else can know which. */
const MEND_DRIFT = 'a restart would change it: write down what runs, or load what is written';

/** Captures every state for real: what cannot be captured now could not be in an incident. */
export async function examineProviders(core: Core): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const state of core.inventory().states) {
    findings.push(...(await examineState(core, state)));
  }
  return findings;
}

async function examineState(core: Core, state: StateSpec): Promise<readonly Finding[]> {
  const base = { area: 'provider', subject: state.id };
  const capabilities = await core.client.capabilities(state);
  const beganMs = core.clock.uptimeMs();
  const tried = await trial(core, state);
  if (!tried.ok) {
    const { detail, entry } = tried.error;
    return [{ ...base, ok: false, seen: detail, mend: entry.hint }];
  }
  if (tried.value === undefined) {
    return [{ ...base, ok: true, seen: `a capture takes longer than ${TRIAL_MS / 1000} s` }];
  }
  const tookMs = Math.round(core.clock.uptimeMs() - beganMs);
  const { items, bytes, unreadable, drift = [] } = tried.value;
  const size = `${counted(items, 'item')}, ${counted(bytes, 'byte')}`;
  const seen = `${size} captured in ${tookMs} ms`;
  const able = capabilities.ok ? restorability(capabilities.value, core.hands) : {};
  return [
    { ...base, ok: able.mend === undefined, seen: `${able.prefix ?? ''}${seen}`, ...mendOf(able) },
    ...unreadable.slice(0, UNREADABLE_TOLD).map((one) => unreadFinding(base, one, core.hands)),
    ...moreUnread(base, unreadable.length),
    ...drift.map((seen) => ({ ...base, ok: false, seen: `drift: ${seen}`, mend: MEND_DRIFT })),
  ];
}

/** A capture; while a run is under way only a look, which does not hold its steps up. */
async function trial(core: Core, state: StateSpec): Promise<Result<ObservedState | undefined>> {
  if (core.rollbacks.active().length > 0) return core.client.observe(state);
  const { promise: tooLate, resolve } = Promise.withResolvers<Result<undefined>>();
  const stop = core.clock.after(TRIAL_MS, () => resolve(ok(undefined)));
  try {
    return await Promise.race([core.client.capture(state), tooLate]);
  } finally {
    stop();
  }
}

function restorability(
  { restorable, comparesOnly, notRestorableBecause, lacks }: ProviderCapabilities,
  hands: Hands,
): { readonly prefix?: string; readonly mend?: string } {
  if (restorable) return {};
  if (comparesOnly === true) return { prefix: 'compare-only: ' };
  const why = notRestorableBecause ?? 'it cannot be restored';
  const prefix = `compare-only, for ${why}: `;
  return { prefix, mend: lacks === undefined ? why : grantFor(lacks, hands) };
}

function mendOf({ mend }: { readonly mend?: string }): { readonly mend?: string } {
  return mend === undefined ? {} : { mend };
}

type Unread = ObservedState['unreadable'][number];

function unreadFinding(
  base: { readonly area: string; readonly subject: string },
  { path, why }: Unread,
  hands: Hands,
): Finding {
  const seen = `${path} could not be read: ${why}`;
  const isRefused = why === 'EACCES' || why === 'EPERM';
  // Anything else than a refusal says itself what is wrong.
  const mend = isRefused ? grantFor({ access: 'read', path }, hands) : why;
  return { ...base, ok: false, seen, mend };
}

function moreUnread(
  base: { readonly area: string; readonly subject: string },
  count: number,
): readonly Finding[] {
  if (count <= UNREADABLE_TOLD) return [];
  const seen = `${count - UNREADABLE_TOLD} more could not be read`;
  return [{ ...base, ok: false, seen, mend: 'grant what is named above, then ask again' }];
}
