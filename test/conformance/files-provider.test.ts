import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { filesSpec } from '../../src/adapters/providers/files/files-spec.ts';
import { filesProvider } from '../../src/adapters/providers/files/provider.ts';
import { unwrap } from '../../src/base/result.ts';
import { stateImage, type StateImage } from '../../src/model/checkpoint/capture.ts';
import { loadImage, storeImage } from '../../src/model/checkpoint/image-blob.ts';
import type { ObservedState } from '../../src/ports/provider-client.ts';
import { BLOB_BYTES_MAX } from '../../src/ports/vault.ts';
import { startHost, type ProviderHost } from './provider-host.ts';
import { applyInChild } from './apply-in-child.ts';

let home = '';
let root = '';
let host: ProviderHost;

beforeEach(async () => {
  home = await fs.mkdtemp(join(tmpdir(), 'lastgood-files-'));
  root = join(home, 'etc');
  await fs.mkdir(root);
  await fs.mkdir(join(home, 'data'));
  host = await startHost(join(home, 'data'));
});
afterEach(async () => {
  await host.stop();
  await fs.rm(home, { recursive: true, force: true });
});

function stateOf(spec: Readonly<Record<string, unknown>> = {}) {
  const id = 'app/files';
  return { id, component: 'app', provider: 'files', spec: { paths: [root], ...spec } };
}

async function capture(spec = {}): Promise<ObservedState> {
  return unwrap(await host.client.capture(stateOf(spec)));
}

async function imageOf(state: ObservedState): Promise<StateImage> {
  return unwrap(await loadImage(state.image, (hash) => host.vault.get(hash)));
}

async function restore(to: ObservedState, spec = {}): Promise<void> {
  const looked = await capture(spec);
  const { fingerprint: expects } = looked;
  const now = await imageOf(looked);
  const wanted = await imageOf(to);
  const paths = [...now.items, ...wanted.items].map(({ path }) => path);
  const order = { desired: to.image, paths, expects, runToken: 1 };
  assert.deepEqual(unwrap(await host.client.apply(stateOf(spec), order)), { kind: 'done' });
}

test('names that are no UTF-8 are captured and restored', async () => {
  const name = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9, 0x74, 0xe9, 0x0a])]);
  await fs.writeFile(name, 'summer');
  const before = await capture();
  await fs.unlink(name);
  await restore(before);
  assert.equal(await fs.readFile(name, 'utf8'), 'summer');
});

test('a change within the same tick of the clock, of the same length, is seen', async () => {
  for (let round = 0; round < 20; round += 1) {
    await fs.writeFile(join(root, 'racy'), 'one');
    const one = await capture();
    await fs.writeFile(join(root, 'racy'), 'two');
    const two = await capture();
    assert.notEqual(one.fingerprint, two.fingerprint);
  }
});

for (const [where, path] of [
  ['', process.env['PATH']],
  [', also where no program reads extended attributes', '/nowhere'],
] as const) {
  test(`an unchanged tree is captured again without reading its content${where}`, async () => {
    const before = process.env['PATH'];
    process.env['PATH'] = path;
    await host.stop();
    host = await startHost(join(home, 'data'));
    process.env['PATH'] = before;
    for (let at = 0; at < 20; at += 1) {
      await fs.writeFile(join(root, `file${at}`), Buffer.alloc(200_000, `content ${at} `));
    }
    // Looks within the tick of the writes are rightly distrusted; they end, and then it is quick.
    let read = Number.POSITIVE_INFINITY;
    for (let look = 0; look < 50 && read > 2_000_000; look += 1) {
      const readBefore = bytesRead();
      await capture();
      read = bytesRead() - readBefore;
    }
    assert.ok(read < 2_000_000, `read ${read} of 4,000,000 bytes`);
  });
}

/** Bytes this process has read so far, from files or anything else. */
function bytesRead(): number {
  return Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

test('extended attributes are captured and restored', async (context) => {
  await fs.writeFile(join(root, 'file'), 'x');
  try {
    execFileSync('setfattr', ['-n', 'user.origin', '-v', 'factory', join(root, 'file')]);
  } catch {
    context.skip('setfattr is not installed, or the file system has no such attributes');
    return;
  }
  const before = await capture();
  execFileSync('setfattr', ['-n', 'user.origin', '-v', 'elsewhere', join(root, 'file')]);
  assert.notEqual((await capture()).fingerprint, before.fingerprint);
  await restore(before);
  const got = execFileSync('getfattr', ['-n', 'user.origin', '--only-values', join(root, 'file')]);
  assert.equal(got.toString(), 'factory');
});

test('contents larger than a blob are captured and restored', async () => {
  const large = Buffer.alloc(2 * BLOB_BYTES_MAX + 17, 'large ');
  await fs.writeFile(join(root, 'large'), large);
  const before = await capture();
  await fs.writeFile(join(root, 'large'), 'small');
  await restore(before);
  assert.deepEqual(await fs.readFile(join(root, 'large')), large);
});

test('pipes and sockets are named as left out and never waited for', async () => {
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const { coverage } = await capture();
  assert.ok(coverage.excluded.some((line) => line.startsWith(join(root, 'pipe'))));
});

test('a state beyond its limits is refused as too large', async () => {
  await fs.writeFile(join(root, 'a'), 'x'.repeat(100));
  for (const limit of [{ bytesMax: 99 }, { itemsMax: 1 }]) {
    const refused = await host.client.capture(stateOf(limit));
    assert.equal(refused.ok ? '' : refused.error.code, 'LG_PROVIDER_TOO_LARGE');
  }
});

test('an image that names a place outside of the scope is refused and writes nothing', async () => {
  const outside = join(home, 'outside');
  const content = unwrap(await host.vault.put(Buffer.from('evil')));
  const attributes = { type: 'file', mode: '0644', uid: 0, gid: 0 };
  for (const path of [outside, `${root}/../outside`]) {
    const item = { path, attributes, content: [content], size: 4 };
    const put = (bytes: Uint8Array) => host.vault.put(bytes);
    const { image } = unwrap(await storeImage(stateImage([item]), put, BLOB_BYTES_MAX));
    const refused = unwrap(await host.client.validate(stateOf(), image));
    assert.ok(refused.some((reason) => reason.includes('outside')));
    const { fingerprint: expects } = await capture();
    const order = { desired: image, paths: [path], expects, runToken: 1 };
    const applied = await host.client.apply(stateOf(), order);
    assert.equal(applied.ok ? '' : applied.error.code, 'LG_PROVIDER_APPLY_FAILED');
    await assert.rejects(fs.stat(outside));
  }
});

test('a folder swapped for a link during a restore never leads it elsewhere', async () => {
  const sub = join(root, 'sub');
  const outside = join(home, 'outside');
  await fs.mkdir(sub);
  await fs.mkdir(outside);
  await fs.writeFile(join(outside, 'passwd'), 'untouched');
  await fs.writeFile(join(sub, 'passwd'), 'captured');
  await fs.writeFile(join(sub, 'second'), 'captured');
  const before = await capture();
  unwrap(await host.vault.flush());
  const paths = (await imageOf(before)).items.map(({ path }) => path);
  let swaps = 0;
  for (let afterOperation = 1; ; afterOperation += 1) {
    await fs.rm(root, { recursive: true });
    await fs.mkdir(sub, { recursive: true });
    await fs.writeFile(join(sub, 'passwd'), 'changed');
    await fs.writeFile(join(sub, 'new'), 'to be removed');
    const { fingerprint: expects } = unwrap(await host.client.observe(stateOf()));
    await host.stop();
    const changed = [...paths, join(sub, 'new')];
    const order = { desired: before.image, paths: changed, expects, runToken: 1 };
    const strike = { kind: 'swap', afterOperation, folder: sub, target: outside } as const;
    await applyInChild(join(home, 'data'), stateOf(), order, strike);
    host = await startHost(join(home, 'data'));
    assert.deepEqual(await fs.readdir(outside), ['passwd'], `after operation ${afterOperation}`);
    assert.equal(await fs.readFile(join(outside, 'passwd'), 'utf8'), 'untouched');
    // The folder that was swapped lies beside, unless the restore ended before the strike.
    const struck = await fs.stat(`${sub}.moved`).catch(() => undefined);
    if (struck === undefined && !(await fs.lstat(sub)).isSymbolicLink()) break;
    swaps += 1;
  }
  assert.ok(swaps > 3, `only ${swaps} swaps`);
});

test('what the configuration calls secret may change without changing the state', async () => {
  await fs.writeFile(join(root, 'plain'), '1');
  const before = await capture();
  const spec = { secrets: ['plain'] };
  assert.equal((await capture(spec)).fingerprint, before.fingerprint);
  await fs.writeFile(join(root, 'plain'), '2');
  await restore(before, spec);
  assert.equal((await capture(spec)).fingerprint, before.fingerprint);
});

test('a restart runs once for a change, and not at all without one', async () => {
  const log = join(home, 'restarts');
  const restart = ['sh', '-c', `echo x >> ${log}`];
  await fs.writeFile(join(root, 'a'), '1');
  const before = await capture({ restart });
  await restore(before, { restart });
  await assert.rejects(fs.stat(log));
  await fs.writeFile(join(root, 'a'), '2');
  await restore(before, { restart });
  assert.equal(await fs.readFile(log, 'utf8'), 'x\n');
});

test('a failed restart is unknown, and shows in the state until it succeeds', async () => {
  const broken = join(home, 'broken');
  await fs.writeFile(broken, '');
  const restart = ['sh', '-c', `echo password=hunter2 >&2; test ! -e ${broken}`];
  await fs.writeFile(join(root, 'a'), '1');
  const before = await capture({ restart });
  await fs.writeFile(join(root, 'a'), '2');
  const { fingerprint: expects } = await capture({ restart });
  const order = { desired: before.image, paths: [join(root, 'a')], expects, runToken: 1 };
  const applied = unwrap(await host.client.apply(stateOf({ restart }), order));
  assert.ok(applied.kind === 'unknown' && !applied.why.includes('hunter2'));
  assert.notEqual((await capture({ restart })).fingerprint, before.fingerprint);
  await fs.unlink(broken);
  await restore(before, { restart });
  assert.equal((await capture({ restart })).fingerprint, before.fingerprint);
});

test('what could not be read when it was captured is never restored, nor taken away', async () => {
  await fs.writeFile(join(root, 'a'), 'content');
  const { image: _unused, ...rest } = await capture();
  const unreadable = { type: 'file', mode: '0600', uid: 0, gid: 0, unreadable: true };
  const item = { path: join(root, 'a'), attributes: unreadable };
  const put = (bytes: Uint8Array) => host.vault.put(bytes);
  const { image } = unwrap(await storeImage(stateImage([item]), put, BLOB_BYTES_MAX));
  const reasons = unwrap(await host.client.validate(stateOf(), image));
  assert.ok(reasons.some((reason) => reason.includes('could not be read')));
  const now = await imageOf({ ...rest, image });
  const changes = filesProvider.diff(stateOf(), await imageOf(await capture()), now);
  assert.ok(changes.some(({ reversible }) => reversible === 'no'));
});

test('what a killed write left is removed by the next look, and nothing else is', async () => {
  await fs.mkdir(join(root, 'sub'));
  await fs.writeFile(join(root, 'sub', 'app.conf'), 'good');
  const good = await capture();
  unwrap(await host.vault.flush());
  await fs.writeFile(join(root, 'sub', 'app.conf'), 'bad');
  const bad = await capture();
  // Somebody else's: another writer's under way, and a file of a person with such a name.
  const others = ['.lastgood-0123456789abcdef.tmp', '.lastgood-notes.tmp'];
  for (const name of others) await fs.writeFile(join(root, 'sub', name), 'not yours');
  const [step] = filesProvider.plan(
    filesSpec.parse(stateOf().spec),
    await imageOf(bad),
    await imageOf(good),
  );
  const paths = step?.paths ?? [];
  const { fingerprint: expects } = unwrap(await host.client.observe(stateOf()));
  const order = { desired: good.image, paths, expects, runToken: 1 };
  let kills = 0;
  for (let afterOperation = 1; afterOperation < 100; afterOperation += 1) {
    await host.stop();
    const strike = { kind: 'kill', afterOperation } as const;
    const { isStruck } = await applyInChild(join(home, 'data'), stateOf(), order, strike);
    const left = (await fs.readdir(join(root, 'sub'))).filter((name) => !others.includes(name));
    host = await startHost(join(home, 'data'));
    if (!isStruck) break;
    if (left.length > 1) kills += 1;
    unwrap(await host.client.observe(stateOf()));
    const names = (await fs.readdir(join(root, 'sub'))).toSorted();
    assert.deepEqual(names, [...others, 'app.conf'].toSorted(), `operation ${afterOperation}`);
    await fs.writeFile(join(root, 'sub', 'app.conf'), 'bad');
  }
  assert.ok(kills > 0, 'no kill left a copy behind');
});

test('what a colleague makes, or removes, where a restore will write is left alone', async () => {
  await fs.mkdir(join(root, 'folder'), { mode: 0o755 });
  await fs.writeFile(join(root, 'first'), 'captured');
  await fs.writeFile(join(root, 'gone'), 'captured');
  const good = await capture();
  const meddlings: readonly (() => Promise<unknown>)[] = [
    () => fs.mkdir(join(root, 'folder'), { mode: 0o700 }),
    () => fs.writeFile(join(root, 'gone'), 'by a colleague'),
    () => fs.symlink('elsewhere', join(root, 'gone')),
    () => fs.unlink(join(root, 'first')),
    () => fs.chmod(join(root, 'first'), 0o600),
    () => fs.writeFile(join(root, 'extra'), 'removed by the restore, if it were as before'),
  ];
  for (const meddle of meddlings) {
    await fs.rm(root, { recursive: true });
    await fs.mkdir(root);
    await fs.writeFile(join(root, 'first'), 'changed');
    await fs.writeFile(join(root, 'extra'), 'not captured');
    const now = await capture();
    unwrap(await host.vault.flush());
    await host.stop();
    let fetches = 0;
    let left: readonly unknown[] = [];
    // The image is fetched first; the next content only once everything was looked at.
    host = await startHost(join(home, 'data'), undefined, async () => {
      fetches += 1;
      if (fetches !== 2) return;
      await meddle();
      left = await listing();
    });
    const paths = [...(await imageOf(good)).items.map(({ path }) => path), join(root, 'extra')];
    fetches = 0;
    const order = { desired: good.image, paths, expects: now.fingerprint, runToken: 1 };
    const ended = await host.client.apply(stateOf(), order);
    assert.equal(ended.ok ? ended.value.kind : ended.error.code, 'LG_PROVIDER_FOREIGN_CHANGE');
    assert.deepEqual(await listing(), left);
  }
});

/** Everything below the root but temporary files: name, mode and content. */
async function listing(): Promise<readonly unknown[]> {
  const names = (await fs.readdir(root)).filter((name) => !name.startsWith('.lastgood-'));
  return Promise.all(
    names.toSorted().map(async (name) => {
      const stat = await fs.lstat(join(root, name));
      const content = stat.isFile() ? await fs.readFile(join(root, name), 'utf8') : '';
      return [name, stat.mode, content];
    }),
  );
}
