import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateSpec } from '../../src/model/component/component.ts';
import type { Applied, Provider } from '../../src/ports/provider.ts';
import type {
  ApplyOrder,
  Mishap,
  ProviderSubject,
} from '../../src/testing/provider-conformance.ts';
import { startHost } from './provider-host.ts';

/** What sets one provider's subject apart; `root` is its own empty folder. */
export interface SubjectParts {
  readonly provider: Provider<unknown>;
  readonly secret: string;
  spec(root: string): unknown;
  stuck(root: string): { readonly spec: unknown; readonly method: 'observe' | 'apply' };
  shape(root: string, form: 'one' | 'two' | 'foreign'): Promise<void>;
  meddle(root: string): Promise<void>;
  /** Ends what shaping or applying started; absent when that is nothing. */
  end?(root: string): Promise<void>;
}

/** Files of at most so many 512-byte blocks can be written on a "full" disk. */
const FULL_BLOCKS = 100;

/** Larger than a full disk takes. */
export const LARGE_BYTES = 90_000;

/** A subject in a folder of its own, with a real host over it. */
export async function makeSubject(parts: SubjectParts): Promise<ProviderSubject> {
  const home = await fs.mkdtemp(join(tmpdir(), `lastgood-${parts.provider.kind}-`));
  const data = join(home, 'data');
  const root = join(home, 'target');
  await fs.mkdir(data);
  await fs.mkdir(root);
  const { kind } = parts.provider;
  const stateOf = (id: string, spec: unknown): StateSpec => ({
    id,
    component: 'shop',
    provider: kind,
    spec,
  });
  const stuck = parts.stuck(root);
  const state = stateOf(`shop/${kind}`, parts.spec(root));
  return {
    provider: parts.provider,
    state,
    stuck: { state: stateOf(`shop/${kind}#2`, stuck.spec), method: stuck.method },
    secret: parts.secret,
    host: (deadlineMs) => {
      if (deadlineMs === undefined) return startHost(data);
      const short = { askMs: deadlineMs, lookMs: deadlineMs, applyMs: deadlineMs };
      return startHost(data, short);
    },
    hostWith: (meanwhile) => startHost(data, undefined, meanwhile),
    meddle: () => parts.meddle(root),
    shape: (form) => parts.shape(root, form),
    disturbances: async () => (await linesOf(join(root, 'restarts'))).length,
    applyInChild: (order, mishap) => applyInChild(data, state, order, mishap),
    leftRunning: async () => {
      const pids = await linesOf(join(root, 'pids'));
      return pids.filter((pid) => isAlive(pid)).length;
    },
    async remove() {
      await parts.end?.(root);
      await fs.rm(home, { recursive: true, force: true });
    },
  };
}

/** A mishap, or a folder that is swapped for a link to `target` after some operation. */
type Strike =
  | Mishap
  | {
      readonly kind: 'swap';
      readonly afterOperation: number;
      readonly folder: string;
      readonly target: string;
    };

/** Applies in a process of its own, to which something happens. */
export async function applyInChild(
  data: string,
  state: StateSpec,
  order: ApplyOrder,
  strike: Strike,
): Promise<Applied | 'killed'> {
  const file = join(data, '..', 'order.json');
  await fs.writeFile(file, JSON.stringify({ state, order }));
  const here = import.meta.dirname;
  const striking = ['--import', join(here, 'strike-at.ts')];
  const words = [
    process.execPath,
    ...(strike.kind === 'full-disk' ? [] : striking),
    join(here, 'apply-child.ts'),
    data,
    file,
  ];
  // The signal of a file that grows too large is ignored, so that the write fails instead.
  const script =
    strike.kind === 'full-disk' ? `trap '' XFSZ; ulimit -f ${FULL_BLOCKS}; exec "$@"` : 'exec "$@"';
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: join(data, '..', 'cache'),
    ...(strike.kind === 'full-disk' ? {} : { STRIKE_AFTER: String(strike.afterOperation) }),
    ...(strike.kind === 'swap' ? { STRIKE_SWAP: strike.folder, STRIKE_TARGET: strike.target } : {}),
  };
  const child = spawn('sh', ['-c', script, 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const signal = await new Promise<string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, by) => resolve(by));
  });
  if (signal === 'SIGKILL') return 'killed';
  return JSON.parse(said);
}

async function linesOf(path: string): Promise<readonly string[]> {
  const text = await fs.readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

/** A zombie is over, even where nobody collects it. */
function isAlive(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
