import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createKeyFile } from '../../src/adapters/keyrings/file/file-keyring.ts';
import { realDisk } from '../../src/base/disk.ts';
import { sha256 } from '../../src/base/hash.ts';
import { silentLog } from '../../src/base/log.ts';
import { ok, unwrap } from '../../src/base/result.ts';
import { deadManLauncher } from '../../src/daemon/deadman/launch-deadman.ts';
import { hostClock } from '../../src/daemon/host-clock.ts';
import { stateImage, type BlobHash } from '../../src/model/checkpoint/capture.ts';
import { isBlobHash, storeImage } from '../../src/model/checkpoint/image-blob.ts';
import { openDeadMen, type DeadMen } from '../../src/runner/deadman/dead-men.ts';
import { openRunFolders, runFolderName } from '../../src/runner/deadman/run-folder.ts';
import { processesOf } from '../place/place.ts';
import { until } from '../place/until.ts';

const RUN = 'run_1';

/** The real dead-men of a host runner, with somebody in waiting for a run. */
interface Waiting {
  readonly root: string;
  readonly deadMen: DeadMen;
  /** Who waits, or watches. */
  all(): Promise<readonly number[]>;
  /** Arms the run's dead-man and answers which process says that it watches. */
  arm(): Promise<number | undefined>;
}

async function place(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'lastgood-spare-'));
  t.after(async () => {
    for (const one of processesOf(root)) process.kill(one, 'SIGKILL');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const keyFile = join(root, 'key');
  const keyring = unwrap(await createKeyFile(keyFile));
  const folder = join(root, 'host');
  await realDisk.makeFolder(folder);
  return { root, keyFile, keyring, folder };
}

async function begin(t: TestContext): Promise<Waiting> {
  const { root, keyFile, keyring, folder } = await place(t);
  const parts = { disk: realDisk, folder, keyring, clock: hostClock(), log: silentLog };
  const launcher = deadManLauncher({ folder, path: folder, keyFile }, silentLog);
  const deadMen = await openDeadMen(parts, launcher, () => undefined);
  t.after(() => deadMen.stop());
  const blobs = new Map<BlobHash, Uint8Array>();
  const put = async (bytes: Uint8Array) => {
    const hash: unknown = sha256(bytes);
    assert.ok(isBlobHash(hash));
    blobs.set(hash, bytes);
    return ok(hash);
  };
  const { image } = unwrap(await storeImage(stateImage([]), put, 1_000));
  const at = (await openRunFolders(realDisk, folder, keyring))(runFolderName(RUN));
  deadMen.keepSpare();
  return {
    root,
    deadMen,
    all: async () => processesOf(root),
    async arm() {
      const state = { id: 'shop/files', component: 'shop', provider: 'files', spec: {} };
      const guarded = { state, before: image, wanted: image, host: undefined };
      await deadMen.expect(RUN);
      const getBlob = async (hash: BlobHash) => ok(blobs.get(hash) ?? new Uint8Array());
      const order = { run: RUN, seconds: 600, token: 1, guarded };
      unwrap(await deadMen.arm(order, { getBlob }, AbortSignal.timeout(60_000)));
      return (await at.readArmed())?.pid;
    },
  };
}

test('who waits since the plan was made is the dead-man of the run, and nobody else', async (t) => {
  const { deadMen, all, arm } = await begin(t);
  deadMen.keepSpare();
  const [waiting, ...others] = await all();
  assert.deepEqual(others, [], 'many plans have one in waiting');
  assert.equal(await arm(), waiting);
  assert.deepEqual(await all(), [waiting]);
  assert.equal(await deadMen.confirm(RUN), 'confirmed');
  await until('its end', all, ({ length }) => length === 0);
});

test('one that is killed while it waits costs nothing: another one is armed', async (t) => {
  const { all, arm } = await begin(t);
  const [waiting = 0] = await all();
  process.kill(waiting, 'SIGKILL');
  await until('its end', all, ({ length }) => length === 0);
  const armed = await arm();
  assert.deepEqual(await all(), [armed]);
});

/** A host runner, as far as it keeps somebody in waiting; it is to be killed. */
const RUNNER = `
const { deadManLauncher } = await import(process.argv[1]);
const [folder, keyFile] = process.argv.slice(2);
const none = { debug() {}, info() {}, warn() {}, error() {} };
deadManLauncher({ folder, path: folder, keyFile }, none).spare();
process.stdout.write('kept');
setInterval(() => undefined, 1000);
`;

test('whoever waits ends with a host runner that is killed, and wrote nothing', async (t) => {
  const { root, keyFile, folder } = await place(t);
  await realDisk.makeFolder(join(folder, 'deadman'));
  const launcher = import.meta.resolve('../../src/daemon/deadman/launch-deadman.ts');
  const words = ['--input-type=module', '-e', RUNNER, launcher, folder, keyFile];
  const runner = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(runner.stdout, 'data');
  const waiting = processesOf(root).filter((pid) => pid !== runner.pid);
  assert.equal(waiting.length, 1);
  runner.kill('SIGKILL');
  await until(
    'the end of both',
    async () => processesOf(root),
    ({ length }) => length === 0,
  );
  assert.deepEqual(await readdir(join(folder, 'deadman')), ['spare.log']);
  assert.deepEqual(await readdir(folder), ['deadman']);
});
