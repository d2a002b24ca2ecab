import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import * as sqlite from '../../../src/adapters/control/sqlite/sqlite-control-store.ts';
import { realDisk } from '../../../src/base/disk.ts';
import { silentLog } from '../../../src/base/log.ts';
import { unwrap } from '../../../src/base/result.ts';
import { hostClock } from '../../../src/daemon/host-clock.ts';
import type { Plan } from '../../../src/model/run/plan.ts';
import { isTerminal, type RunView } from '../../../src/model/run/run.ts';
import type { ControlStore } from '../../../src/ports/control-store.ts';
import { judgeGate } from '../../../src/recovery/gate/judge-gate.ts';
import { Rollbacks } from '../../../src/recovery/rollback/rollbacks.ts';
import { memoryKeyring } from '../../../src/testing/memory-keyring.ts';
import { fileWorld } from './file-world.ts';

/**
 * The program that is killed: drives one run over real files with the real store, or takes over
 * what another left. `argv`: folder, point to die at (or "never"), and the plan as JSON to start.
 */
const [root = '', dieAt = 'never', planText] = process.argv.slice(2);
let reached = 0;

function reach(point: string): void {
  const name = `${point} ${(reached += 1)}`;
  if (dieAt === 'never') process.stdout.write(`${JSON.stringify({ point: name })}\n`);
  // SIGKILL to ourselves: the kernel ends the process before kill returns.
  if (dieAt === name || dieAt === String(reached)) process.kill(process.pid, 'SIGKILL');
}

/** The store, with the two instants around each append where the test may kill. */
function watched(store: ControlStore): ControlStore {
  return {
    append: async (stream, expected, entries) => {
      reach('before append');
      const answer = await store.append(stream, expected, entries);
      reach('after append');
      return answer;
    },
    read: (stream, after) => store.read(stream, after),
    streams: (prefix) => store.streams(prefix),
    drop: (stream) => store.drop(stream),
    fence: (name, holder) => store.fence(name, holder),
    close: () => store.close(),
  };
}

const path = join(root, 'control.db');
const keyring = memoryKeyring(new Uint8Array(32).fill(7));
const store = unwrap(await sqlite.openSqliteControlStore({ path, keyring, disk: realDisk }));
const world = fileWorld(root, reach);
const rollbacks = new Rollbacks({
  world: () => world,
  store: watched(store),
  clock: hostClock(),
  log: silentLog,
  random: (length) => randomBytes(length),
  judge: judgeGate,
  held: false,
});
let token = '';

/** Somebody confirms as soon as it is asked for. */
rollbacks.subscribe(({ run, state, nonce }) => {
  if (state !== 'AWAITING_CONFIRM' || nonce === undefined || token === '') return;
  void rollbacks.confirm(run, token, nonce, 'ann');
});

async function finish(run: string): Promise<void> {
  const ended = unwrap(await rollbacks.whenEnded(run));
  print(ended);
}

function print(view: RunView): void {
  const { state, why, byHand } = view;
  process.stdout.write(`${JSON.stringify({ end: { state, why, byHand } })}\n`);
}

const taken = unwrap(await rollbacks.recoverAll());
for (const { run } of taken) await finish(run);
if (planText !== undefined) {
  const plan = JSON.parse(planText) as Plan;
  const started = unwrap(await rollbacks.startRun(plan, { by: 'ann' }));
  token = started.token;
  await finish(started.run);
} else if (taken.length === 0) {
  for (const view of unwrap(await rollbacks.list())) if (isTerminal(view.state)) print(view);
}
rollbacks.stop();
await store.close();
