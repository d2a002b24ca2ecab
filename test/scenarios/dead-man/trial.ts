import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Daemon } from '../../place/daemon.ts';
import { at, textAt } from '../../place/document.ts';
import { makePlace, processesOf, type Place } from '../../place/place.ts';
import { until } from '../../place/until.ts';

/** A value that is slow to be written, so that a run can be met while it applies. */
function slowShop({ path }: Place, more: string, timeout: string): string {
  const value = path('value');
  const write = `cat > ${value}.new && mv ${value}.new ${value}`;
  const apply = `echo . >> ${path('writes')}; sleep 0.5; ${write}`;
  return `sources: []
components:
  - name: shop
    state:
      - provider: command
        capture: ${JSON.stringify(['cat', value])}
        apply: ${JSON.stringify(['sh', '-c', apply])}
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: ${timeout}, gate: { samples: 1, interval: 300ms } }
${more}`;
}

/** What the checkpoint holds. */
export const GOOD = 'good\n';
/** What a run finds. */
export const BAD = 'bad\n';

/** A rollback under way, with all that tells how it goes. */
export interface Trial {
  readonly place: Place;
  daemon: Daemon;
  readonly run: string;
  readonly token: string;
  state(): Promise<unknown>;
  reach(state: string): Promise<void>;
  confirm(): Promise<number>;
}

/** How a run may be over. */
export const TERMINAL = ['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR'];

/** Begins a rollback of a slow shop; `more` is the rest of its configuration. */
export async function begin(
  t: TestContext,
  onceUp: (place: Place) => void = () => undefined,
  more = '',
  timeout = '20s',
): Promise<Trial> {
  const place = await makePlace(t, { config: (made) => slowShop(made, more, timeout) });
  await place.write('value', GOOD);
  const daemon = await place.up();
  onceUp(place);
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  await place.write('value', BAD);
  const plan = await place.api('plans', {
    checkpoint: textAt(taken.json[0], 'id'),
    reason: 'test',
  });
  const started = await place.api(`plans/${textAt(plan.body, 'id')}/apply`, {
    planHash: textAt(plan.body, 'planHash'),
  });
  const run = textAt(started.body, 'run');
  const token = textAt(started.body, 'token');
  const state = async (): Promise<unknown> => at((await place.api(`runs/${run}`)).body, 'state');
  return {
    place,
    daemon,
    run,
    token,
    state,
    async reach(wanted) {
      const fits = (now: unknown): boolean => now === wanted || TERMINAL.includes(String(now));
      assert.equal(await until(`${wanted} of ${run}`, state, fits), wanted);
    },
    async confirm() {
      const { nonce = 'none' } = { ...Object((await place.api(`runs/${run}`)).body) };
      return (await place.api(`runs/${run}/confirm`, { token, nonce })).status;
    },
  };
}

/** The dead-men of a place. */
export function deadMen({ root }: Place): readonly number[] {
  return processesOf(root).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('deadman');
    } catch {
      return false;
    }
  });
}

/** Waits until the shop has this value. */
export async function untilValue({ place }: Trial, wanted: string): Promise<void> {
  await until(
    `the value ${wanted}`,
    () => place.read('value'),
    (text) => text === wanted,
  );
}

/** Waits until no dead-man is left. */
export async function untilNoDeadMan({ place }: Trial): Promise<void> {
  await until(
    'the end of the dead-man',
    async () => deadMen(place).length,
    (left) => left === 0,
  );
}

/** How often the value was written: a third time would be somebody who was not to write. */
export async function writesOf({ place }: Trial): Promise<number> {
  return (await place.read('writes')).split('\n').length - 1;
}

/** Ends a process that may have ended already. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with another one of them.
  }
}
