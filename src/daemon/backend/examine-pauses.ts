import type { Finding, Problem } from '../../api/contract.ts';
import { counted } from '../../base/counted.ts';
import { isFreeze } from '../../model/component/pause.ts';
import type { PausedNow } from '../../ports/provider-client.ts';
import type { Core } from '../core.ts';

/** Everybody who stands still now, by host, and where nobody could be asked, why. */
interface Standstill {
  readonly paused: readonly PausedNow[];
  readonly silent: readonly Problem[];
}

/** Who is paused and for how long, and who should not be any more. */
export async function examinePauses(core: Core): Promise<readonly Finding[]> {
  const named = namedIn(core);
  if (named === 0) return [];
  const { paused, silent } = await standstill(core);
  const findings = paused.map((one): Finding => {
    const base = { area: 'pause', subject: one.name };
    const stuck = stuckWords(core, one);
    if (stuck !== undefined) return { ...base, ok: false, seen: stuck, mend: mendOf(one) };
    const seen = `paused for ${one.run}; goes on in ${one.seconds} s at the latest`;
    return { ...base, ok: true, seen };
  });
  const mute = silent.map(({ what, mend }): Finding => {
    return { area: 'pause', subject: 'who is paused', ok: false, seen: what, mend };
  });
  if (findings.length + mute.length > 0) return [...findings, ...mute];
  const seen = `nobody; ${counted(named, 'writer')} or hooks are configured`;
  return [{ area: 'pause', subject: 'who is paused', ok: true, seen }];
}

/** Writers that stand still although nothing is under way any more. */
export async function pauseProblems(core: Core): Promise<readonly Problem[]> {
  if (namedIn(core) === 0) return [];
  const { paused } = await standstill(core);
  return paused.flatMap((one) => {
    const stuck = stuckWords(core, one);
    return stuck === undefined ? [] : [{ what: `${one.name}: ${stuck}`, mend: mendOf(one) }];
  });
}

function namedIn({ inventory }: Core): number {
  const names = inventory().states.flatMap((state) => [
    ...inventory()
      .writersOf(state)
      .map(({ name }) => `${state.component} ${name}`),
    ...(state.quiesce === undefined ? [] : [`${state.component} hooks`]),
  ]);
  return new Set(names).size;
}

async function standstill(core: Core): Promise<Standstill> {
  const inventory = core.inventory();
  const hosts = new Map(
    inventory.states.map((state) => [inventory.hostOf(state.component), state] as const),
  );
  const paused: PausedNow[] = [];
  const silent: Problem[] = [];
  for (const [host, state] of hosts) {
    const told = await core.client.paused(state);
    if (told.ok) paused.push(...told.value);
    else {
      const what = `${host ?? 'this machine'} does not say: ${told.error.detail}`;
      silent.push({ what, mend: told.error.entry.hint });
    }
  }
  return { paused, silent };
}

/** A run that is under way lets them go on by itself, a checkpoint within its limit. */
function stuckWords({ rollbacks }: Core, one: PausedNow): string | undefined {
  if (one.problem !== undefined) return `still paused for ${one.run}: ${one.problem}`;
  if (one.seconds === 0) return `still paused for ${one.run}, though its time is up`;
  const runs = rollbacks.active();
  const isUnderWay = runs.some(({ run, state }) => run === one.run && state !== 'NEEDS_OPERATOR');
  return isFreeze(one.run) || isUnderWay
    ? undefined
    : `still paused for ${one.run}, which has ended`;
}

function mendOf({ byHand }: PausedNow): string {
  return `let it go on: ${byHand}`;
}
