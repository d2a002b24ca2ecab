import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { canonicalJson, type JsonObject } from '../../../src/base/canonical-json.ts';
import { sha256 } from '../../../src/base/hash.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import {
  fingerprintOf,
  stateImage,
  type BlobHash,
  type StateImage,
} from '../../../src/model/checkpoint/capture.ts';
import type { CheckpointId } from '../../../src/model/checkpoint/checkpoint.ts';
import { lgError } from '../../../src/model/errors/lg-error.ts';
import type { RunWorld } from '../../../src/model/run/run-world.ts';
import { makeSteps } from '../../../src/recovery/plan/make-steps.ts';

/** Called at the instants where a test may kill the process. */
export type Reach = (point: string) => void;

/** The states of the scenario: folders of files below `root/live`. */
export const STATES = ['db/files', 'shop/files'] as const;

/** A world of real files: reads, writes and images are all on the disk of this machine. */
export function fileWorld(root: string, reach: Reach): RunWorld {
  const observe = async (state: string): Promise<Result<StateImage>> => {
    const folder = liveFolder(root, state);
    const names = (await fs.readdir(folder)).filter((name) => !name.endsWith('.new'));
    const items = names.map(async (path) => {
      return { path, attributes: { text: await fs.readFile(join(folder, path), 'utf8') } };
    });
    return ok(stateImage(await Promise.all(items)));
  };
  const image = async (hash: BlobHash): Promise<Result<StateImage>> => {
    const text = await fs.readFile(join(root, 'images', hash), 'utf8');
    return sha256(text) === hash
      ? ok(JSON.parse(text) as StateImage)
      : err(lgError('LG_CHECKPOINT_DAMAGED', hash));
  };
  return {
    writers: () => [],
    pause: async () => ok(undefined),
    pauseLonger: async () => ok(undefined),
    resume: async () => ok(undefined),
    preflight: async (state, desired) => {
      const [now, wanted] = [await observe(state), await image(desired)];
      if (!now.ok) return now;
      if (!wanted.ok) return wanted;
      const traits = { atomic: 'per-item', idempotent: true, confirm: 'none' } as const;
      return ok({ fingerprint: fingerprintOf(now.value), traits, findings: [] });
    },
    observe,
    image,
    planState: (state, now, to, desired) => {
      const [component = ''] = state.split('/');
      const proposed = proposalsOf(now, to);
      const ids = { id: state, component, provider: 'files' };
      return makeSteps({ state: ids, now, to, desired, proposed });
    },
    takeBefore: async (run, states) => {
      const kept = [];
      for (const state of states) {
        const now = await observe(state);
        if (!now.ok) return now;
        const fingerprint = fingerprintOf(now.value);
        kept.push({ state, fingerprint, image: await keepImage(root, now.value) });
        reach('kept');
      }
      return ok({ checkpoint: `cp_before_${run}` as CheckpointId, states: kept });
    },
    fence: async () => ok(undefined),
    deadMan: NO_TIMERS,
    apply: async (_by, step) => {
      const desired = await image(step.desired);
      if (!desired.ok) return desired;
      for (const path of step.paths) {
        reach('write');
        const text = textOf(desired.value, path);
        const file = join(liveFolder(root, step.state), path);
        if (text === undefined) await fs.rm(file, { force: true });
        else await replace(file, text);
      }
      reach('applied');
      return ok({ kind: 'done' });
    },
    reach: async (probes) =>
      probes.map((probe) => ({ ...probe, color: 'unknown' as const, seen: 'nobody to ask' })),
    sample: async (checks) =>
      checks.map(({ check, component }) => {
        return { check, component, color: 'green', seen: 'answered 200' };
      }),
    notify: () => undefined,
  };
}

/** The files have no timers, so none is ever asked for but to be looked for. */
const NO_TIMERS: RunWorld['deadMan'] = {
  arm: () => assert.fail('armed'),
  extend: () => assert.fail('extended'),
  disarm: () => assert.fail('disarmed'),
  confirm: () => assert.fail('confirmed'),
  pending: async () => ok([]),
};

/** Writes an image durably and answers its address. */
export async function keepImage(root: string, image: StateImage): Promise<BlobHash> {
  const text = canonicalJson(image);
  const hash = sha256(text) as BlobHash;
  await replace(join(root, 'images', hash), text);
  return hash;
}

/** The steps between two images: one for all files. */
export function proposalsOf(
  now: StateImage,
  to: StateImage,
): readonly { paths: readonly string[]; commands: readonly string[]; disruption: 'none' }[] {
  const all = new Set([...now.items, ...to.items].map(({ path }) => path));
  const paths = [...all].toSorted().filter((path) => textOf(now, path) !== textOf(to, path));
  const commands = paths.map((path) => `install ${path}`);
  return paths.length === 0 ? [] : [{ paths, commands, disruption: 'none' }];
}

/** Where the files of a state live. */
export function liveFolder(root: string, state: string): string {
  return join(root, 'live', dirname(state));
}

async function replace(file: string, text: string): Promise<void> {
  const handle = await fs.open(`${file}.new`, 'w');
  await handle.writeFile(text);
  await handle.sync();
  await handle.close();
  await fs.rename(`${file}.new`, join(dirname(file), basename(file)));
}

function textOf(image: StateImage, path: string): string | undefined {
  const attributes: JsonObject | undefined = image.items.find(
    (item) => item.path === path,
  )?.attributes;
  const text = attributes?.['text'];
  return typeof text === 'string' ? text : undefined;
}
