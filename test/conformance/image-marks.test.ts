import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { LocalBus } from '../../src/adapters/buses/local/local-bus.ts';
import { createKeyFile, openKeyFile } from '../../src/adapters/keyrings/file/file-keyring.ts';
import { ADAPTER_SCHEMAS, PROVIDERS } from '../../src/adapters/registry.ts';
import { TurnQueue } from '../../src/base/turn-queue.ts';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { silentLog } from '../../src/base/log.ts';
import { err, ok, unwrap, type Result } from '../../src/base/result.ts';
import { componentsOf } from '../../src/config/inventory.ts';
import { loadConfig } from '../../src/config/load.ts';
import { allowList } from '../../src/daemon/host/allow-list.ts';
import { serveBlobs } from '../../src/daemon/host/bus-blobs.ts';
import { newNonce, proofOf } from '../../src/daemon/host/handshake.ts';
import { HostSession } from '../../src/daemon/host/host-session.ts';
import { helloAnswer, HOST_SUBJECT } from '../../src/daemon/host/messages.ts';
import { hostClock } from '../../src/daemon/host-clock.ts';
import { Inventory } from '../../src/daemon/recovery/inventory.ts';
import { hashOf } from '../../src/filetree/read-content.ts';
import { stateImage, type BlobHash, type StateImage } from '../../src/model/checkpoint/capture.ts';
import type { StateSpec } from '../../src/model/component/component.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import { loadImage, readMark, storeImage } from '../../src/model/checkpoint/image-blob.ts';
import type { ProviderClient } from '../../src/ports/provider-client.ts';
import { BLOB_BYTES_MAX } from '../../src/ports/vault.ts';
import { providerClient } from '../../src/runner/provider-client.ts';

const secret = Buffer.alloc(32, 7);

/**
 * A host runner as `lastgood host` serves it, and a core that knows the secret of its socket and
 * has been taken over: it keeps the blobs and says about them what it likes.
 */
class TakenCore {
  readonly blobs = new Map<BlobHash, Uint8Array>();
  /** By content: the address of another one, which it answers to a put instead. */
  readonly putLies = new Map<BlobHash, BlobHash>();
  /** By address: that of another content, which it gives instead. */
  readonly getLies = new Map<BlobHash, BlobHash>();
  readonly client: ProviderClient;
  readonly states: readonly StateSpec[];
  readonly #server: Server;
  readonly #socket: Socket;
  readonly #session: Promise<void>;

  private constructor(parts: {
    readonly bus: LocalBus;
    readonly states: readonly StateSpec[];
    readonly server: Server;
    readonly socket: Socket;
    readonly session: Promise<void>;
  }) {
    this.client = providerClient(parts.bus, () => 'local', newNonce);
    this.states = parts.states;
    this.#server = parts.server;
    this.#socket = parts.socket;
    this.#session = parts.session;
    serveBlobs(parts.bus, {
      put: (bytes) => this.put(bytes),
      get: async (hash) => this.#get(hash),
      missing: async () => ok(new Set()),
    });
  }

  static async over(home: string): Promise<TakenCore> {
    const keyFile = join(home, 'key');
    const known = await fs.stat(keyFile).catch(() => undefined);
    const keyring = unwrap(await (known ? openKeyFile(keyFile) : createKeyFile(keyFile)));
    const components = ['etc', 'other'].map((name) => ({
      name,
      state: [{ provider: 'files', paths: [join(home, name)] }],
    }));
    const loaded = loadConfig(JSON.stringify({ components }), 'test', ADAPTER_SCHEMAS);
    assert.ok(loaded.ok, JSON.stringify(loaded));
    const inventory = unwrap(Inventory.of(componentsOf(loaded.value), PROVIDERS));
    const ground = {
      name: 'local',
      folder: join(home, 'host'),
      keyring,
      keyFile: join(home, 'key'),
      allowed: allowList(inventory),
      secret,
      commandEnv: { PATH: process.env['PATH'] ?? '' },
      log: silentLog,
      reserveBytes: 0,
    };
    const { promise: session, resolve } = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      void new HostSession(socket, ground, hostClock(), new TurnQueue()).ended.then(resolve);
    });
    server.listen(join(home, 'host.sock'));
    await once(server, 'listening');
    const socket = createConnection(join(home, 'host.sock'));
    await once(socket, 'connect');
    const bus = new LocalBus({ clock: hostClock(), log: silentLog });
    bus.connect(socket);
    const core = new TakenCore({ bus, states: inventory.states, server, socket, session });
    const nonce = newNonce();
    const hello = unwrap(await bus.request(HOST_SUBJECT.hello, nonce, 5_000));
    const proof = proofOf(secret, 'core', [nonce, helloAnswer.parse(hello).nonce]);
    unwrap(await bus.request(HOST_SUBJECT.prove, proof, 5_000));
    return core;
  }

  get state(): StateSpec {
    const [state] = this.states;
    assert.ok(state !== undefined);
    return state;
  }

  async put(bytes: Uint8Array): Promise<Result<BlobHash>> {
    const hash = hashOf(bytes);
    this.blobs.set(hash, bytes);
    return ok(this.putLies.get(hash) ?? hash);
  }

  #get(hash: BlobHash): Result<Uint8Array> {
    const bytes = this.blobs.get(this.getLies.get(hash) ?? hash);
    return bytes === undefined ? err(lgError('LG_CHECKPOINT_DAMAGED', hash)) : ok(bytes);
  }

  async image(hash: BlobHash): Promise<StateImage> {
    return unwrap(await loadImage(hash, async (one) => this.#get(one)));
  }

  async mark(
    hash: BlobHash,
  ): Promise<{ readonly mark: string; readonly parts: readonly BlobHash[] }> {
    const mark = unwrap(await readMark(hash, async (one) => this.#get(one)));
    assert.ok(mark !== undefined, 'what was captured bears a mark');
    return mark;
  }

  /** The captured image with a program that acts as its owner, unmarked. */
  async forge(from: BlobHash): Promise<{ readonly image: BlobHash; readonly path: string }> {
    const { items } = await this.image(from);
    const [folder, file] = items;
    assert.ok(folder !== undefined && file !== undefined);
    const path = `${folder.path}/rootid`;
    const program = Buffer.from('#!/bin/sh\nid\n');
    const content = [unwrap(await this.put(program))];
    const attributes = { ...file.attributes, mode: '4755' };
    const evil = { path, attributes, content, size: program.length };
    const put = (bytes: Uint8Array) => this.put(bytes);
    const stored = await storeImage(stateImage([...items, evil]), put, BLOB_BYTES_MAX);
    return { image: unwrap(stored).image, path };
  }

  /** What an apply of the image ends with. */
  async apply(image: BlobHash, path: string, state = this.state): Promise<string> {
    const { fingerprint: expects } = unwrap(await this.client.observe(state));
    const order = { desired: image, paths: [path], expects, runToken: 1 };
    const ended = await this.client.apply(state, order);
    return ended.ok ? ended.value.kind : ended.error.code;
  }

  async end(): Promise<void> {
    this.#socket.destroy();
    await this.#session;
    this.#server.close();
    await once(this.#server, 'close');
  }
}

let home = '';
let core: TakenCore;

beforeEach(async () => {
  home = await fs.mkdtemp(join(tmpdir(), 'lastgood-marks-'));
  await fs.mkdir(join(home, 'etc'));
  await fs.writeFile(join(home, 'etc', 'a'), 'good');
  core = await TakenCore.over(home);
});
afterEach(async () => {
  await core.end();
  await fs.rm(home, { recursive: true, force: true });
});

test('whoever takes the core over cannot have a file of his own put in place', async () => {
  const { image } = unwrap(await core.client.capture(core.state));
  const forged = await core.forge(image);
  const reasons = unwrap(await core.client.validate(core.state, forged.image));
  assert.match(reasons.join(), /not captured/);
  assert.equal(await core.apply(forged.image, forged.path), 'LG_PROVIDER_IMAGE_UNKNOWN');
  await assert.rejects(fs.lstat(forged.path));
});

test('what the host runner captured is restored, also by its next start', async () => {
  const { image } = unwrap(await core.client.capture(core.state));
  const { blobs } = core;
  await core.end();
  core = await TakenCore.over(home);
  for (const [hash, bytes] of blobs) core.blobs.set(hash, bytes);
  await fs.writeFile(join(home, 'etc', 'a'), 'bad');
  assert.deepEqual(unwrap(await core.client.validate(core.state, image)), []);
  assert.equal(await core.apply(image, join(home, 'etc', 'a')), 'done');
  assert.equal(await fs.readFile(join(home, 'etc', 'a'), 'utf8'), 'good');
});

test('a mark fits one image of one state, and no other', async () => {
  const { image } = unwrap(await core.client.capture(core.state));
  const forged = await core.forge(image);
  const marked = await core.mark(image);
  const grafted = { mark: marked.mark, parts: [forged.image] };
  const graft = unwrap(await core.put(Buffer.from(canonicalJson(grafted))));
  assert.equal(await core.apply(graft, forged.path), 'LG_PROVIDER_IMAGE_UNKNOWN');
  const other = core.states[1];
  assert.equal(await core.apply(image, forged.path, other), 'LG_PROVIDER_IMAGE_UNKNOWN');
  // What is only looked at bears no mark: it was never said to be there in full.
  const seen = unwrap(await core.client.observe(core.state));
  assert.equal(await core.apply(seen.image, forged.path), 'LG_PROVIDER_IMAGE_UNKNOWN');
});

test('a vault that gives other content than it was asked for is not believed', async () => {
  const captured = unwrap(await core.client.capture(core.state));
  const forged = await core.forge(captured.image);
  const [part] = (await core.mark(captured.image)).parts;
  assert.ok(part !== undefined);
  core.putLies.set(part, forged.image);
  // It answers a put of the image with the address of another one, to have that one marked.
  const again = await core.client.capture(core.state);
  assert.equal(again.ok ? '' : again.error.code, 'LG_CHECKPOINT_DAMAGED');
  core.putLies.clear();
  core.getLies.set(part, forged.image);
  // And it gives another one where the marked one is asked for.
  assert.equal(await core.apply(captured.image, forged.path), 'LG_CHECKPOINT_DAMAGED');
  await assert.rejects(fs.lstat(forged.path));
});
