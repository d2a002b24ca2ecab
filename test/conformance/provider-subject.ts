import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateSpec } from '../../src/model/component/component.ts';
import type { Provider } from '../../src/ports/provider.ts';
import type { ProviderSubject } from '../../src/testing/provider-subject.ts';
import { applyInChild } from './apply-in-child.ts';
import { startHost } from './provider-host.ts';

/** What sets one provider's subject apart; `root` is its own empty folder. */
export interface SubjectParts {
  readonly provider: Provider<unknown>;
  readonly secret: string;
  spec(root: string): unknown;
  /** Brings up a target that is asked what it can; absent where shaping it is enough. */
  begin?(root: string): Promise<void>;
  /** See `ProviderSubject`; absent where the target always answers. */
  stuck?(root: string): {
    readonly spec: unknown;
    readonly method: 'observe' | 'apply';
    hang?(): Promise<void>;
  };
  shape(root: string, form: 'one' | 'two' | 'foreign'): Promise<void>;
  meddle(root: string): Promise<void>;
  /** See `ProviderSubject`; absent where the provider claims no bytes. */
  reading?(root: string): Promise<string>;
  /** See `ProviderSubject`; absent: it does. */
  readonly needsDisk?: false;
  /** See `ProviderSubject`; absent: each operation is struck. */
  readonly stride?: number;
  /** The target is the network itself, in a namespace that leads nowhere. */
  readonly isNetwork?: true;
  /** See `ProviderSubject`; absent where the target has no timer. */
  wentBack?(root: string): Promise<void>;
  /** Ends what shaping or applying started; absent when that is nothing. */
  end?(root: string): Promise<void>;
}

/** Larger than a full disk takes. */
export const LARGE_BYTES = 90_000;

/** A subject in a folder of its own, with a real host over it. */
export async function makeSubject(parts: SubjectParts): Promise<ProviderSubject> {
  const home = await fs.mkdtemp(join(tmpdir(), `lastgood-${parts.provider.kind}-`));
  const data = join(home, 'data');
  const root = join(home, 'target');
  await fs.mkdir(data);
  await fs.mkdir(root);
  await parts.begin?.(root);
  const { kind } = parts.provider;
  const stateOf = (id: string, spec: unknown): StateSpec => ({
    id,
    component: 'shop',
    provider: kind,
    spec,
  });
  const stuck = parts.stuck?.(root);
  const state = stateOf(`shop/${kind}`, parts.spec(root));
  return {
    provider: parts.provider,
    state,
    ...(stuck === undefined
      ? {}
      : { stuck: { ...stuck, state: stateOf(`shop/${kind}#2`, stuck.spec) } }),
    secret: parts.secret,
    needsDisk: parts.needsDisk ?? true,
    ...(parts.stride === undefined ? {} : { stride: parts.stride }),
    reading: async () => (await parts.reading?.(root)) ?? '',
    host: (deadlineMs) => {
      if (deadlineMs === undefined) return startHost(data);
      const short = { askMs: deadlineMs, lookMs: deadlineMs, applyMs: deadlineMs };
      return startHost(data, short);
    },
    hostWith: (meanwhile) => startHost(data, undefined, meanwhile),
    meddle: () => parts.meddle(root),
    shape: (form) => parts.shape(root, form),
    disturbances: async () => (await linesOf(join(root, 'restarts'))).length,
    applyInChild: (order, mishap) =>
      applyInChild(data, state, order, mishap, parts.isNetwork !== true),
    wentBack: async () => parts.wentBack?.(root),
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
