import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StateSpec } from '../../src/model/component/component.ts';
import type { ApplyOrder, ChildApply, Mishap } from '../../src/testing/provider-subject.ts';

/** A mishap, or a folder that is swapped for a link to `target` after some operation. */
type Strike =
  | Mishap
  | {
      readonly kind: 'swap';
      readonly afterOperation: number;
      readonly folder: string;
      readonly target: string;
    };

/** Files of at most so many 512-byte blocks can be written on a "full" disk. */
const FULL_BLOCKS = 100;

/** Applies in a process of its own, to which something happens. */
export async function applyInChild(
  data: string,
  state: StateSpec,
  order: ApplyOrder,
  strike: Strike,
  isOfThisHost = true,
): Promise<ChildApply> {
  const file = join(data, '..', 'order.json');
  await fs.writeFile(file, JSON.stringify({ state, order }));
  const child = spawn('sh', ['-c', scriptOf(strike, isOfThisHost), 'sh', ...words(data, file)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: join(data, '..', 'cache'),
      ...('afterOperation' in strike ? { STRIKE_AFTER: String(strike.afterOperation) } : {}),
      ...(strike.kind === 'fail' ? { STRIKE_FAILS: '1' } : {}),
      ...(strike.kind === 'swap'
        ? { STRIKE_SWAP: strike.folder, STRIKE_TARGET: strike.target }
        : {}),
    },
  });
  let said = '';
  const over = new AbortController();
  child.stdout.on('data', (chunk: Buffer) => {
    const isFirst = said === '';
    said += chunk.toString();
    if (strike.kind === 'kill-at' && isFirst) void killLater(child, strike, over.signal);
  });
  const signal = await new Promise<string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, by) => resolve(by));
  });
  over.abort();
  if (signal === 'SIGKILL') return { ended: { kind: 'killed' }, isStruck: true };
  return JSON.parse(said.trim().split('\n').at(-1) ?? '');
}

/** The mishap's module is always loaded; without an order it strikes nothing. */
function words(data: string, file: string): readonly string[] {
  const here = import.meta.dirname;
  const striking = ['--import', join(here, 'strike-at.ts')];
  return [process.execPath, ...striking, join(here, 'apply-child.ts'), data, file];
}

function scriptOf(strike: Strike, isOfThisHost: boolean): string {
  // The signal of a file that grows too large is ignored, so that the write fails instead.
  if (strike.kind === 'full-disk') return `trap '' XFSZ; ulimit -f ${FULL_BLOCKS}; exec "$@"`;
  if (strike.kind !== 'offline' || !isOfThisHost) return 'exec "$@"';
  // Whoever is not root needs a user namespace, in which he still is himself for his files.
  return process.geteuid?.() === 0 ? 'exec unshare -n "$@"' : 'exec unshare -cn "$@"';
}

async function killLater(
  child: ChildProcess,
  strike: Extract<Strike, { readonly kind: 'kill-at' }>,
  over: AbortSignal,
): Promise<void> {
  const isTime = await delay(strike.afterMs, true, { signal: over }).catch(() => false);
  if (!isTime || child.pid === undefined || child.exitCode !== null) return;
  const commands = strike.withCommands ? descendantsOf(child.pid) : [];
  for (const pid of [child.pid, ...commands]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Every process that a process started, and those they did. */
function descendantsOf(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(/\) \S (\d+)/.exec(stat)?.[1]));
    } catch {
      // It ended between the list and the look.
    }
  }
  const found = new Set([root]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found];
}
