import { verifyOrders } from '../customers/verify.ts';
import type { Verification } from '../customers/verify.ts';
import { ordersDatabase } from '../shop/layout.ts';
import { opening } from './opening.ts';
import { roundOneBadRelease } from './round-one-bad-release.ts';
import { roundThreeDeadProcess } from './round-three-dead-process.ts';
import { roundTwoBadConfig } from './round-two-bad-config.ts';
import { textAt } from './json.ts';
import { createScreen } from './screen.ts';
import { setStage } from './stage.ts';
import type { Stage, StageSet } from './stage.ts';
import { TourFailure } from './wait-for.ts';

/** How the tour was asked for. */
export type TourOptions = { readonly stay: boolean; readonly json: boolean };

/** The outcome of one round. */
type RoundEnd = { readonly round: string; readonly ok: boolean; readonly why: string };

const rounds: readonly (readonly [string, (set: StageSet) => Promise<void>])[] = [
  ['opening', opening],
  ['bad release', roundOneBadRelease],
  ['bad configuration and a killed daemon', roundTwoBadConfig],
  ['dead process', roundThreeDeadProcess],
];

/** By convention: 128 and the number of the signal. */
const signalExits = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Raises the stage, plays the three rounds, verifies that no acknowledged order was lost, and
 * cleans up. Resolves with the exit code; stops after the first round that fails, since the next
 * one would start from a broken shop. Ctrl-C, SIGTERM and a closed terminal clean up too.
 */
export async function takeTour({ stay, json }: TourOptions): Promise<number> {
  const output = json ? process.stderr : process.stdout;
  const color = output.isTTY === true && !process.env['NO_COLOR'];
  const set = await setStage((pulse) => createScreen({ output, pulse, color }));
  const leaving = leaveCleanlyOnSignals(set);
  const startedAt = Date.now();
  try {
    const ends = await Promise.race([playRounds(set), leaving.done]);
    if (leaving.isAsked() || typeof ends === 'number') return await leaving.done;
    const orders = await countOrders(set);
    const seconds = (Date.now() - startedAt) / 1000;
    const ok = ends.every((end) => end.ok) && orders.acknowledged > 0 && orders.lost.length === 0;
    tellTheEnd(set, ends, orders, seconds);
    if (json) process.stdout.write(`${JSON.stringify({ ok, seconds, rounds: ends, orders })}\n`);
    const exitCode = ok ? 0 : 1;
    if (!stay) return exitCode;
    await Promise.race([stayOpen(set), leaving.done]);
    // Ctrl-C is how a person ends `--stay`: the exit code is the tour's all the same.
    return exitCode;
  } finally {
    await set.strike();
  }
}

async function playRounds(set: StageSet): Promise<readonly RoundEnd[]> {
  const ends: RoundEnd[] = [];
  for (const [round, play] of rounds) {
    try {
      await play(set);
      ends.push({ round, ok: true, why: '' });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const why = error instanceof TourFailure ? error.message : (error.stack ?? error.message);
      set.screen.say('bad', why);
      ends.push({ round, ok: false, why });
      break;
    }
  }
  return ends;
}

/** Lets the customers go home, then compares their ledger with the shop's database. */
async function countOrders(set: StageSet): Promise<Verification> {
  const ledgerFile = await set.stopCustomers();
  if (ledgerFile === undefined) return { ordered: 0, acknowledged: 0, lost: [] };
  return verifyOrders(ledgerFile, ordersDatabase(set.layout.root));
}

function tellTheEnd(
  { screen }: Stage,
  ends: readonly RoundEnd[],
  orders: Verification,
  seconds: number,
): void {
  screen.chapter('The end', `after ${seconds.toFixed(0)} s`);
  for (const { round, ok } of ends) {
    screen.say(ok ? 'good' : 'bad', `${round}: ${ok ? 'as claimed' : 'not as claimed'}`);
  }
  const isKept = orders.lost.length === 0;
  const lost = isKept ? 'none is missing' : `${orders.lost.length} are missing`;
  const counts = `${orders.ordered} orders, ${orders.acknowledged} acknowledged`;
  screen.say(isKept ? 'good' : 'bad', `${counts}, of those ${lost} in the database`);
}

/** Customers come back, and everything stays as it is until the person has seen enough. */
async function stayOpen(set: StageSet): Promise<void> {
  set.startCustomers();
  set.screen.chapter('Open', 'until Ctrl-C');
  await tellSignInLink(set);
  const another = (): void => void tellSignInLink(set);
  if (process.stdin.isTTY) process.stdin.on('data', another);
  set.screen.now('look around; Enter: another link; Ctrl-C: close the shop and remove everything');
  await set.daemon.ended();
  process.stdin.off('data', another);
  set.screen.say('bad', 'the daemon ended although nobody asked it to');
}

/** A link lets one browser in, once; who comes later or with another one needs another. */
async function tellSignInLink({ daemon, screen }: Stage): Promise<void> {
  const { lines, errorText } = await daemon.command(['sign-in']);
  const link = textAt(lines[0], 'link');
  if (link === '') screen.say('bad', `no sign-in link: ${errorText}`);
  else screen.say('act', `open ${link}`);
  screen.say('info', `another browser: node bin/lastgood sign-in --data ${daemon.dataDirectory}`);
}

type Leaving = {
  readonly isAsked: () => boolean;
  /** Resolves with the exit code once everything is cleaned up. */
  readonly done: Promise<number>;
};

function leaveCleanlyOnSignals(set: StageSet): Leaving {
  let isAsked = false;
  const done = new Promise<number>((resolve) => {
    const leave = (exitCode: number): void => {
      isAsked = true;
      void set.strike().finally(() => resolve(exitCode));
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => leave(signalExits[signal]));
    }
    // A terminal that is gone makes writing fail; that must not keep anything from being cleaned.
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', () => leave(signalExits.SIGHUP));
    }
  });
  return { isAsked: () => isAsked, done };
}
