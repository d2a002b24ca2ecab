import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { unwrap } from '../../src/base/result.ts';
import { fingerprintOf, stateImage, type StateImage } from '../../src/model/checkpoint/capture.ts';
import type { CheckpointId } from '../../src/model/checkpoint/checkpoint.ts';
import type { Plan } from '../../src/model/run/plan.ts';
import { makePlan, planHash } from '../../src/recovery/plan/make-plan.ts';
import { fileWorld, keepImage, liveFolder, proposalsOf, STATES } from './kill-run/file-world.ts';

/**
 * kill -9 around every journal append and every file write of a real run over real files with the
 * real store: whatever the instant, the next start ends it truthfully and without a person.
 */

const files = (version: string): StateImage =>
  stateImage(
    ['a.conf', 'b.conf', `only-${version}.conf`].map((path) => {
      return { path, attributes: { text: `${path} ${version}\n` } };
    }),
  );
const good = files('good');
const bad = files('bad');

const program = new URL('kill-run/daemon.ts', import.meta.url).pathname;

interface Said {
  readonly code: number | string | null;
  readonly points: readonly string[];
  readonly ends: readonly { readonly state: string; readonly why: string }[];
}

/** Runs the program to its end or its death. */
function daemon(root: string, dieAt: string, plan?: Plan): Promise<Said> {
  const args = [program, root, dieAt, ...(plan === undefined ? [] : [JSON.stringify(plan)])];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      const said = lines.map((line): { point?: string; end?: Said['ends'][number] } =>
        JSON.parse(line),
      );
      const code = error === null ? 0 : (error.signal ?? error.code ?? null);
      assert.ok(code === 0 || code === 'SIGKILL', stderr);
      const points = said.flatMap(({ point }) => point ?? []);
      resolve({ code, points, ends: said.flatMap(({ end }) => end ?? []) });
    });
  });
}

/** A shop with a bad config, and the plan back to the good one. */
async function prepare(root: string): Promise<Plan> {
  await fs.mkdir(join(root, 'images'));
  const image = await keepImage(root, good);
  for (const state of STATES) {
    const folder = liveFolder(root, state);
    await fs.mkdir(folder, { recursive: true });
    for (const { path, attributes } of bad.items) {
      await fs.writeFile(join(folder, path), String(attributes['text']));
    }
  }
  const content = unwrap(
    makePlan({
      target: { id: 'cp_good' as CheckpointId, status: 'good', takenAt: '' },
      direction: 'restore',
      states: STATES.map((id) => {
        const [component = '', provider = ''] = id.split('/');
        return {
          state: { id, component, provider },
          capture: {
            state: id,
            component,
            provider,
            providerVersion: 1,
            fingerprint: fingerprintOf(good),
            image,
            items: 3,
            bytes: 0,
            unstable: false,
            compareOnly: false,
            coverage: { included: [], excluded: [] },
          },
          wanted: good,
          now: bad,
          capabilities: { restorable: true, dataBearing: false, disruption: 'none' as const },
          diff: () => [],
          plan: proposalsOf,
          related: [],
          writers: [],
          carriesTraffic: false,
        };
      }),
      left: [],
      components: [],
      gate: { samples: 1, intervalMs: 0 },
      confirmTimeoutMs: 8_000,
      batches: { canary: 1, size: 'all', soakMs: 0, jitterMs: 0 },
      onSilence: 'revert',
      guards: [{ check: 'shop up', component: 'shop' }],
    }),
  );
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const words = { requestedBy: 'ann', reason: 'test', createdAt: expiresAt, expiresAt };
  return { id: 'pln_1', planHash: planHash(content), content, ...words };
}

/** What is on the disk, as fingerprints. */
async function live(root: string): Promise<readonly string[]> {
  const world = fileWorld(root, () => undefined);
  const images = await Promise.all(STATES.map((state) => world.observe(state, 1_000)));
  return images.map((image) => fingerprintOf(unwrap(image)));
}

async function inFolder(run: (root: string) => Promise<void>): Promise<void> {
  const root = await fs.mkdtemp(join(tmpdir(), 'lastgood-kill-'));
  try {
    await run(root);
  } finally {
    await fs.rm(root, { recursive: true, force: true });
  }
}

const GOOD = STATES.map(() => fingerprintOf(good));
const BAD = STATES.map(() => fingerprintOf(bad));

function judge(at: string, said: Said, found: readonly string[]): string {
  const [end] = said.ends;
  assert.equal(said.ends.length, 1, `${at}: one run has one end`);
  assert.ok(end !== undefined);
  const wanted = end.state === 'COMMITTED' ? GOOD : BAD;
  assert.notEqual(end.state, 'NEEDS_OPERATOR', `${at}: ${end.why}`);
  assert.deepEqual(found, wanted, `${at}: ${end.state} but the files say otherwise`);
  return end.state;
}

test('a run killed at any instant ends truthfully after the next start', async (t) => {
  let points: readonly string[] = [];
  await inFolder(async (root) => {
    const said = await daemon(root, 'never', await prepare(root));
    assert.equal(judge('never', said, await live(root)), 'COMMITTED');
    points = said.points;
  });
  assert.ok(points.length > 20, `only ${points.length} points to die at`);
  const ends: Record<string, number> = {};
  const dieAt = async (at: string): Promise<void> =>
    inFolder(async (root) => {
      const plan = await prepare(root);
      const killed = await daemon(root, at, plan);
      assert.equal(killed.code, 'SIGKILL', `${at} was not reached`);
      // The recovery is killed too, at an instant that differs each time, before it may finish.
      const again = String(1 + (points.indexOf(at) % 7));
      await daemon(root, again);
      const said = await daemon(root, 'never');
      if (said.ends.length === 0) {
        // Killed before the run was journaled: there is no run, and nothing was changed.
        assert.deepEqual([at, await live(root)], [points[0], BAD]);
        return;
      }
      const state = judge(at, said, await live(root));
      ends[state] = (ends[state] ?? 0) + 1;
    });
  const left = [...points];
  const work = async (): Promise<void> => {
    for (let at = left.shift(); at !== undefined; at = left.shift()) await dieAt(at);
  };
  await Promise.all([work(), work()]);
  t.diagnostic(`${points.length} instants, killed twice each: ${JSON.stringify(ends)}`);
  for (const end of ['COMMITTED', 'REVERTED', 'ABORTED']) assert.ok(ends[end], `no ${end} was met`);
});
