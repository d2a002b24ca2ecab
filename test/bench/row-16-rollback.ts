import { copyFileSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseJson } from '../../src/base/parse-json.ts';
import { member } from '../place/real-daemon.ts';
import { until } from '../place/until.ts';
import { labStage, run, type Said } from '../real/lab-stage.ts';
import { median, type BenchFigure } from './bench-row.ts';
import { PHASES, wayOf, type Way } from './rollback-way.ts';

// Row 16: a rollback in the lab beside the same way back by somebody who knows it already and types
// the one right command.

const { prefix, folder, done, inside } = labStage('lgrb');

/** What we may take beyond the bare command, the gate's window and the looks at the state. */
const ALLOWANCE_MS = 300;

/**
 * A state is looked at when the run begins, when it is prepared, twice for P, before and after its
 * step, for the verdict and before COMMITTED is said.
 */
const OBSERVES = 8;

/** How often each side is taken; the median counts. */
const TRIES = 3;

/** Looks taken after each try, beside the same load; the median of all counts. */
const LOOKS = 4;

/** The parts that the scenarios need; who watches besides only costs time. */
const PARTS = ['lastgood', 'customers', 'nginx', 'haproxy', 'services', 'routers', 'firewall'];

interface Scenario {
  readonly name: string;
  readonly component: string;
  readonly fault: readonly string[];
  /** Keeps what the command by hand needs, while all is well. */
  readonly keep?: () => void;
  /** The way back, as a script of a shell. */
  readonly byHand: string;
  readonly isWell: () => Promise<boolean>;
}

const edge = `${folder}/firewall/edge.nft`;
const haproxy = `${folder}/haproxy/etc/haproxy.cfg`;
const nginx = `${folder}/nginx/etc/nginx.conf`;
/** Beside the folders that are captured, so that it is no change of theirs. */
const copyOf = (path: string): string => `${folder}/${basename(path)}.by-hand`;
const putBack = (path: string): string => `cat ${copyOf(path)} > ${path}`;

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'nft push',
    component: 'fw',
    fault: ['bad-push', 'nft'],
    byHand: `(echo 'delete table inet edge'; cat ${edge}) | ip netns exec ${prefix}-fw nft -f -`,
    isWell: () => isServed('http://10.10.0.10:8080/healthz'),
  },
  {
    name: 'FRR push',
    component: 'r1',
    fault: ['bad-push', 'frr'],
    byHand: `ip netns exec ${prefix}-r1 python3 /usr/lib/frr/frr-reload.py --reload \
--pathspace ${prefix}-r1 --confdir /etc/frr/${prefix}-r1 --rundir /var/run/frr/${prefix}-r1 \
/etc/frr/${prefix}-r1/frr.conf`,
    isWell: () => isServed('http://10.10.0.10:8080/healthz'),
  },
  {
    name: 'HAProxy push',
    component: 'haproxy',
    fault: ['bad-push', 'haproxy'],
    keep: () => copyFileSync(haproxy, copyOf(haproxy)),
    byHand: `${putBack(haproxy)}; kill -USR2 $(cat ${folder}/haproxy/haproxy.pid)`,
    isWell: () => isServed('http://10.10.0.10:8080/healthz'),
  },
  {
    name: 'nginx push',
    component: 'nginx',
    fault: ['bad-push', 'nginx'],
    keep: () => copyFileSync(nginx, copyOf(nginx)),
    byHand: `${putBack(nginx)}; kill -HUP $(cat ${folder}/nginx/nginx.pid)`,
    isWell: () => isServed('https://10.10.0.10/healthz'),
  },
];

/** Needs root and the programs of the lab; fails with what is missing. */
export async function measureRollbacks(): Promise<readonly BenchFigure[]> {
  try {
    await done('up', ...PARTS);
    for (const { keep } of SCENARIOS) keep?.();
    const figures: BenchFigure[] = [];
    for (const scenario of SCENARIOS) figures.push(...(await measure(scenario)));
    return figures;
  } finally {
    await done('down');
  }
}

async function measure(scenario: Scenario): Promise<readonly BenchFigure[]> {
  const { name, component, fault, byHand, isWell } = scenario;
  await until(`${name}: the customers are served`, isWell, Boolean);
  const checkpoint = await takeCheckpoint();
  const bare: number[] = [];
  const ours: Way[] = [];
  const looks: number[] = [];
  for (let i = 0; i < TRIES; i += 1) {
    bare.push(
      await broken(fault, isWell, async () => {
        const began = performance.now();
        const { code, said } = await run('sh', '-ec', byHand);
        if (code !== 0) throw new Error(`${name} by hand: ${said}`);
        await until(`${name}: served again`, isWell, Boolean);
        return performance.now() - began;
      }),
    );
    ours.push(await broken(fault, isWell, () => rollBack(checkpoint, component)));
    looks.push(...(await timeLooks(checkpoint, component)));
  }
  const bareMs = median(bare);
  const observeMs = median(looks);
  const target = Math.round(bareMs + ALLOWANCE_MS + OBSERVES * observeMs);
  const value = median(ours.map((way) => way.ms - way.parts.gate));
  return [
    { row: 16, what: `${name}: by hand, until served`, value: bareMs, unit: 'ms' },
    { row: 16, what: `${name}: one look of ${OBSERVES}`, value: observeMs, unit: 'ms' },
    ...PHASES.map(({ part, words }) => {
      const ms = median(ours.map((way) => way.parts[part]));
      return { row: 16, what: `${name}: ${words}`, value: ms, unit: 'ms' };
    }),
    { row: 16, what: `${name}: apply to COMMITTED, beside the gate`, value, unit: 'ms', target },
  ];
}

/** Breaks it, and mends what the undo of the fault still holds when the way back has been taken. */
async function broken<Taken>(
  fault: readonly string[],
  isWell: () => Promise<boolean>,
  wayBack: () => Promise<Taken>,
): Promise<Taken> {
  await done('fault', ...fault);
  await until('the customers are not served', async () => !(await isWell()), Boolean);
  const taken = await wayBack();
  await done('fault', 'clear');
  await until('the customers are served', isWell, Boolean);
  return taken;
}

/** Plans and applies; it is kept as soon as it has proved healed, or confirmed by us. */
async function rollBack(checkpoint: string, component: string): Promise<Way> {
  const plan = await ask('rollback', 'plan', checkpoint, '--component', component);
  const started = await ask('rollback', 'apply', String(member(plan, 'id')), '--detach');
  const id = String(member(started, 'run'));
  const token = String(member(started, 'token'));
  for (;;) {
    const shown = await ask('rollback', 'status', id);
    const state = member(shown, 'state');
    // Who is too late is told so, and the run has ended as it was to.
    if (state === 'AWAITING_CONFIRM') await lastgood('rollback', 'confirm', id, '--token', token);
    const history = member(shown, 'history');
    if (!Array.isArray(history)) {
      await delay(50);
      continue;
    }
    if (state !== 'COMMITTED') throw new Error(`${id} ended ${JSON.stringify(shown)}`);
    const manifest = member(
      await ask('checkpoint', 'show', String(member(shown, 'before'))),
      'manifest',
    );
    return wayOf(history, [member(manifest, 'capturedFrom'), member(manifest, 'takenAt')]);
  }
}

/**
 * What comparing with now takes (there is nothing to plan) beyond a question whose answer is known,
 * each as the request alone: the start of a command takes longer than a look, and varies by more.
 */
async function timeLooks(checkpoint: string, component: string): Promise<readonly number[]> {
  const looks: number[] = [];
  const plan = JSON.stringify({ checkpoint, components: [component], reason: 'a look' });
  for (let i = 0; i < LOOKS; i += 1) {
    const nothing = await requestMs(`checkpoints/${checkpoint}`);
    looks.push(Math.max(0, (await requestMs('plans', '-d', plan)) - nothing));
  }
  return looks;
}

/** How long the daemon takes to answer, from within its own network. */
async function requestMs(path: string, ...more: readonly string[]): Promise<number> {
  const token = readFileSync(`${folder}/lastgood/data/admin.token`, 'utf8').trim();
  const headers = [`authorization: Bearer ${token}`, 'content-type: application/json'];
  const flags = ['-sS', '-o', '/dev/null', '-w', '%{http_code} %{time_total}', ...more];
  const words = [...headers.flatMap((header) => ['-H', header]), ...flags];
  const { said } = await inside('dc', 'curl', ...words, `http://127.0.0.1:7433/api/v1/${path}`);
  const [status, seconds] = said.split(' ').map(Number);
  // That there is nothing to go back on is an answer, too.
  if (status !== 200 && status !== 409) throw new Error(`${path} is answered ${said}`);
  return (seconds ?? Number.NaN) * 1000;
}

/** A checkpoint of the state that is well; whether it is called good is no matter of time. */
async function takeCheckpoint(): Promise<string> {
  return String(member(await ask('checkpoint', 'take'), 'id'));
}

/** One document of the daemon on the stage. */
async function ask(...words: readonly string[]): Promise<unknown> {
  const { code, said } = await lastgood(...words);
  const answer = parseJson(said);
  if (answer === undefined) throw new Error(`${words.join(' ')} exited with ${code}: ${said}`);
  return answer;
}

const lastgood = (...words: readonly string[]): Promise<Said> =>
  run(`${folder}/lastgood/ask`, ...words, '--json');

/** Whether the client, through firewall and routers, is answered. */
async function isServed(url: string): Promise<boolean> {
  const flags = ['-fsS', '-m', '1', '-o', '/dev/null', '--cacert', `${folder}/nginx/trust.pem`];
  return (await inside('cli', 'curl', ...flags, url)).code === 0;
}
