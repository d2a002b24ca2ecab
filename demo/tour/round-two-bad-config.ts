import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { configFile } from '../../shop/layout.ts';
import { changeSettings, halfDoneMigration } from '../shop/faults.ts';
import { closeIncident, incidentIds, newIncident, showIncident } from './incident.ts';
import { applyPlan, planRollback, rollBack, runState } from './roll-back.ts';
import type { TourPlan } from './roll-back.ts';
import { untilBroken, untilHealthy } from './shop-health.ts';
import type { Stage } from './stage.ts';
import { claim, TourFailure, waitFor } from './wait-for.ts';

/** The files of the change, and their texts before it and after it. */
type Change = {
  readonly files: readonly string[];
  readonly good: readonly string[];
  readonly bad: readonly string[];
};

/** Finishing or taking back two files takes moments; recovery comes first. */
const recoveryTimeoutMs = 30_000;
/** The moment between two steps may be missed on a busy machine; then it is tried again. */
const killTriesMax = 3;

/**
 * Two configuration files change together, half a migration. While the rollback stands between its
 * two steps, the daemon is killed; the next one must end the run truthfully, then a new plan heals.
 */
export async function roundTwoBadConfig(stage: Stage): Promise<void> {
  const { screen } = stage;
  screen.chapter('Round 2 of 3', 'A bad configuration, and lastgood itself dies half-way back');
  const known = await incidentIds(stage);
  const brokenAt = Date.now();
  screen.say('act', 'catalog.json and payment.json move to a new unit, one of them wrongly');
  const change = makeChange(stage);
  const [id] = await Promise.all([newIncident(stage, known), untilBroken(stage, brokenAt)]);
  await showIncident(stage, id, ['catalog', 'payment']);

  const plan = await planRollback(stage);
  claim(plan.steps.length >= 2, `the plan has ${plan.steps.length} steps, not two`);
  const ended = await killBetweenSteps(stage, plan, change);
  if (ended === 'REVERTED') await rollBack(stage, await planRollback(stage));

  await untilHealthy(stage);
  claim(isAt(change.files, change.good), 'the two files are not as they were before the change');
  screen.say('good', 'both files are byte for byte as before the change');
  await closeIncident(stage, id, 'rolled back the migration');
}

function makeChange(stage: Stage): Change {
  const services = ['catalog', 'payment'] as const;
  const files = services.map((service) => configFile(stage.layout.root, service));
  const good = files.map(read);
  for (const service of services) {
    changeSettings(stage.layout, service, halfDoneMigration[service]);
  }
  return { files, good, bad: files.map(read) };
}

/** Resolves with the state in which the interrupted run ended, COMMITTED or REVERTED. */
async function killBetweenSteps(stage: Stage, plan: TourPlan, change: Change): Promise<string> {
  let next = plan;
  for (let tries = 0; tries < killTriesMax; tries += 1) {
    const { run, wasKilled, wasBetween } = await applyAndKill(stage, next, change);
    if (wasKilled) await restart(stage);
    const state = await followToItsEnd(stage, run, change);
    if (wasBetween) return state;
    stage.screen.say('info', 'the kill missed the moment between the steps, so once more');
    for (const service of ['catalog', 'payment'] as const) {
      changeSettings(stage.layout, service, halfDoneMigration[service]);
    }
    next = await planRollback(stage);
  }
  throw new TourFailure(`${killTriesMax} kills all missed the moment between the two steps`);
}

async function applyAndKill(
  stage: Stage,
  plan: TourPlan,
  change: Change,
): Promise<{ readonly run: string; readonly wasKilled: boolean; readonly wasBetween: boolean }> {
  const { screen, daemon } = stage;
  const script = join(import.meta.dirname, 'kill-between.ts');
  const killer = spawn(process.execPath, [script, String(daemon.pid()), ...change.files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const words: string[] = [];
  const armed = new Promise<void>((resolve) => {
    createInterface({ input: killer.stdout }).on('line', (word) => {
      words.push(word);
      if (word === 'armed') resolve();
    });
  });
  const killed = new Promise<void>((resolve) => killer.once('close', () => resolve()));
  await armed;
  const end = await applyPlan(stage, plan);
  // Once the run is over there is no moment to wait for any more.
  killer.kill();
  await killed;
  if (!words.includes('killed')) return { run: end.run, wasKilled: false, wasBetween: false };
  await daemon.ended();
  const restored = change.files.filter((file, index) => read(file) === change.good[index]);
  const wasBetween = restored.length === 1;
  const names = `${restored.length} of ${change.files.length} files restored`;
  screen.say('bad', `kill -9 of the daemon, pid ${daemon.pid()}, between two steps: ${names}`);
  screen.say('info', `the command that followed the run ended with exit code ${end.exitCode}`);
  claim(end.exitCode !== 0, 'the command called the interrupted rollback done');
  return { run: end.run, wasKilled: true, wasBetween };
}

async function restart({ screen, daemon }: Stage): Promise<void> {
  screen.now('starting the daemon again');
  screen.say('act', 'lastgood up, on the same data directory');
  await daemon.start();
}

async function followToItsEnd(stage: Stage, run: string, change: Change): Promise<string> {
  const { screen } = stage;
  const end = await waitFor(`run ${run} comes to its end`, recoveryTimeoutMs, async () => {
    const seen = await runState(stage, run);
    return ['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR'].includes(seen.state)
      ? seen
      : undefined;
  });
  const expected = end.state === 'COMMITTED' ? change.good : change.bad;
  const isTrue = ['COMMITTED', 'REVERTED'].includes(end.state) && isAt(change.files, expected);
  screen.say(isTrue ? 'good' : 'bad', `recovered: ${run} is ${end.state}. ${end.why}`);
  claim(isTrue, `run ${run} says ${end.state}, the files say otherwise`);
  screen.say('info', whatItMeans(end.state));
  return end.state;
}

const whatItMeans = (state: string): string =>
  state === 'REVERTED'
    ? 'a crash in the middle is never driven on blindly: both files are as before the rollback'
    : 'the run was past its steps and healthy, so it could be finished: both files are restored';

const isAt = (files: readonly string[], texts: readonly string[]): boolean =>
  files.every((file, index) => read(file) === texts[index]);

const read = (file: string): string => readFileSync(file, 'utf8');
