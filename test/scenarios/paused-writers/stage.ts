import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Daemon } from '../../place/daemon.ts';
import { at, listAt, textAt } from '../../place/document.ts';
import { makePlace, type Place } from '../../place/place.ts';
import { until } from '../../place/until.ts';

/** What the shop ought to hold. */
export const GOOD = 'good\n';
/** What its other writer takes for right after a bad change. */
export const BAD = 'bad\n';

/** Rewrites a file again and again from what it holds to be right, as a git sync does. */
export const SYNC = `while :; do
  cat "$1/upstream" > "$1/value.sync" && mv "$1/value.sync" "$1/value"
  sleep 0.1
done`;

/** Writes each time it has the lock, as a cron job does that honors it. */
export const CRON = `while :; do
  cd "$1" && flock lock sh -c 'cat upstream > value.cron && mv value.cron value'
  sleep 0.05
done`;

/** A value that is captured slowly on demand, so that a run is met while it prepares. */
function shop({ root }: Place, more: string, confirmTimeout: string): string {
  const capture = `if test -e ${root}/slow; then sleep 60; fi; cat ${root}/value`;
  const apply = `cat > ${root}/value.new && mv ${root}/value.new ${root}/value`;
  return `sources: []
components:
  - name: shop
    state:
      - provider: command
        capture: ${JSON.stringify(['sh', '-c', capture])}
        apply: ${JSON.stringify(['sh', '-c', apply])}
${more}
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: ${confirmTimeout}, gate: { samples: 1, interval: 300ms } }
`;
}

/** A shell script as a setting's command. */
export const words = (text: string): string => JSON.stringify(['sh', '-c', text]);
/** Stops the writer. */
export const stop = ({ root }: Place): string => words(`kill -STOP $(cat ${root}/pid)`);
/** Lets it go on. */
export const go = ({ root }: Place): string => words(`kill -CONT $(cat ${root}/pid)`);
const stopped = ({ root }: Place): string =>
  words(`grep -q '^State:.T' /proc/$(cat ${root}/pid)/status`);

/** The setting that names the writer, with how to stop it and let it go on. */
export const writers = (place: Place): string => {
  const asked = `paused: ${stopped(place)}`;
  return `    writers: [{ name: sync, pause: ${stop(place)}, resume: ${go(place)}, ${asked} }]`;
};

/** A place, its daemon and who else writes there. */
interface Stage {
  readonly place: Place;
  readonly pid: number;
  daemon: Daemon;
  isPaused(): boolean;
  untilPaused(wanted: boolean): Promise<void>;
}

/** A place whose value somebody else writes, too, by the words of a shell. */
export async function stage(
  t: TestContext,
  more: (place: Place) => string,
  script: string,
  confirmTimeout = '90s',
): Promise<Stage> {
  const place = await makePlace(t, { config: (made) => shop(made, more(made), confirmTimeout) });
  await place.write('upstream', GOOD);
  await place.write('value', GOOD);
  const writer = spawn('sh', ['-c', script, 'writer', place.root], {
    stdio: 'ignore',
    env: place.env,
  });
  const pid = writer.pid ?? 0;
  await place.write('pid', `${pid}\n`);
  const isPaused = (): boolean => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    place,
    pid,
    daemon: await place.up(),
    isPaused,
    async untilPaused(wanted) {
      await until(
        wanted ? 'the pause' : 'that it goes on',
        async () => isPaused(),
        (is) => is === wanted,
      );
    },
  };
}

/** Takes a checkpoint of the good value; then the writer takes the bad one for right. */
export async function goBad({ place }: Stage): Promise<string> {
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  await place.write('upstream', BAD);
  await until(
    'the bad value',
    () => place.read('value'),
    (value) => value === BAD,
  );
  return textAt(taken.json[0], 'id');
}

interface Started {
  readonly run: string;
  readonly token: string;
}

/** Starts a run to a checkpoint. */
export async function rollBack(
  { place }: Pick<Stage, 'place'>,
  checkpoint: string,
): Promise<Started> {
  const plan = await place.api('plans', { checkpoint, reason: 'test' });
  assert.equal(plan.status, 200, JSON.stringify(plan.body));
  const { planHash, id } = { planHash: textAt(plan.body, 'planHash'), id: textAt(plan.body, 'id') };
  const started = await place.api(`plans/${id}/apply`, { planHash });
  assert.equal(started.status, 200, JSON.stringify(started.body));
  return { run: textAt(started.body, 'run'), token: textAt(started.body, 'token') };
}

/** States that a run does not leave by itself. */
export const TERMINAL = ['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR'];

/** Waits for a state of a run; fails when it ends in another one. */
export async function reach(
  { place }: Pick<Stage, 'place'>,
  run: string,
  wanted: string,
): Promise<unknown> {
  const view = await until(
    `${wanted} of ${run}`,
    async () => (await place.api(`runs/${run}`)).body,
    (now) => at(now, 'state') === wanted || TERMINAL.includes(String(at(now, 'state'))),
  );
  assert.equal(at(view, 'state'), wanted, JSON.stringify(view));
  return view;
}

/** Keeps what a run made. */
export async function confirm(on: Pick<Stage, 'place'>, { run, token }: Started): Promise<void> {
  const view = await reach(on, run, 'AWAITING_CONFIRM');
  const nonce = textAt(view, 'nonce');
  const said = await on.place.api(`runs/${run}/confirm`, { token, nonce });
  assert.equal(said.status, 200, JSON.stringify(said.body));
}

/** What doctor says of pauses. */
export async function findings({ place }: Stage): Promise<readonly unknown[]> {
  return listAt((await place.api('doctor')).body, 'findings').filter(
    (one) => at(one, 'area') === 'pause',
  );
}
