import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { LocalBus } from '../../src/adapters/buses/local/local-bus.ts';
import { silentLog } from '../../src/base/log.ts';
import { newNonce, proofOf } from '../../src/daemon/host/handshake.ts';
import { HOST_SUBJECT } from '../../src/daemon/host/messages.ts';
import { hostClock } from '../../src/daemon/host-clock.ts';
import { member } from '../place/real-daemon.ts';
import { freePorts } from '../place/free-ports.ts';
import { printedBy } from '../place/printed.ts';
import { until } from '../place/until.ts';

const skip = process.getuid?.() === 0 ? false : 'SKIPPED: only root can run a host runner as root';
const executable = join(import.meta.dirname, '..', '..', 'bin', 'lastgood');

/** Nobody and its group on Debian and most others. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** A host runner as root and a daemon as nobody, in a folder of their own. */
class TwoSides {
  readonly home: string;
  readonly socket: string;
  readonly config: string;
  readonly file: string;
  readonly #children = new Set<ChildProcess>();

  private constructor(home: string) {
    this.home = home;
    this.socket = join(home, 'run', 'host.sock');
    this.config = join(home, 'lastgood.yaml');
    this.file = join(home, 'root-only.conf');
  }

  static async make(t: TestContext): Promise<TwoSides> {
    const sides = new TwoSides(await fs.mkdtemp(join(tmpdir(), 'lastgood-sides-')));
    await fs.chmod(sides.home, 0o755);
    await fs.mkdir(join(sides.home, 'data'), { mode: 0o700 });
    await fs.chown(join(sides.home, 'data'), NOBODY.uid, NOBODY.gid);
    await fs.writeFile(sides.file, 'good\n', { mode: 0o600 });
    const state = `{ provider: files, paths: [${JSON.stringify(sides.file)}] }`;
    await sides.configure(state);
    t.after(() => sides.remove());
    return sides;
  }

  /** Writes a configuration with one state and a port of its own; answers the port. */
  async configure(state: string): Promise<number> {
    const [ui = 0] = await freePorts(1);
    const text = `version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: false, otlpGrpc: false, syslogUdp: false,
  syslogTcp: false }
sources: []
components:
  - { name: app, state: [ ${state} ] }
checkpoints: { schedule: false }
rollback: { confirmTimeout: 60s, onSilence: revert, gate: { samples: 1, interval: 200ms } }
`;
    await fs.writeFile(this.config, text, { mode: 0o644 });
    return ui;
  }

  async host(): Promise<ChildProcess> {
    const own = ['--socket', this.socket, '--group', 'nogroup', '--config', this.config];
    return this.#start(['host', ...own, '--data', join(this.home, 'host')], {});
  }

  async daemon(): Promise<ChildProcess> {
    const own = ['--config', this.config, '--data', join(this.home, 'data')];
    return this.#start(['up', '--host-socket', this.socket, ...own], NOBODY);
  }

  async #start(words: readonly string[], who: { uid?: number; gid?: number }) {
    const child = spawn(process.execPath, [executable, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: '/',
      env: { ...process.env, HOME: this.home },
      ...who,
    });
    this.#children.add(child);
    const lines = createInterface({ input: child.stdout });
    const { promise: isReady, resolve } = Promise.withResolvers<boolean>();
    lines.on('line', (line) => line.startsWith('ready ') && resolve(true));
    child.once('exit', () => resolve(false));
    assert.ok(await isReady, `${words[0]} did not become ready`);
    return child;
  }

  async run(words: readonly string[], hear: (value: unknown) => void = () => undefined) {
    const place = ['--data', join(this.home, 'data'), '--json'];
    const child = spawn(process.execPath, [executable, ...words, ...place], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [said, complaint] = ['', ''];
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const printed = await printedBy(child.stdout, hear);
    const code = child.exitCode ?? Number((await once(child, 'exit'))[0]);
    return { code, printed, complaint: complaint + said.slice(-500) };
  }

  async end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    for (const child of this.#children) await this.end(child, 'SIGKILL');
    await fs.rm(this.home, { recursive: true, force: true });
  }
}

async function rollBack(sides: TwoSides, checkpoint: string) {
  const planned = await sides.run(['rollback', 'plan', checkpoint]);
  assert.equal(planned.code, 0, planned.complaint);
  let [token, id] = ['', ''];
  return sides.run(['rollback', 'apply', String(member(planned.printed[0], 'id'))], (value) => {
    token = String(member(value, 'token') ?? token);
    id = String(member(value, 'run') ?? id);
    if (member(value, 'state') !== 'AWAITING_CONFIRM') return;
    void sides.run(['rollback', 'confirm', id, '--token', token]);
  });
}

test(
  'a daemon that never was root restores files of root through the host runner',
  { skip },
  async (t) => {
    const sides = await TwoSides.make(t);
    let host = await sides.host();
    let daemon = await sides.daemon();
    const taken = await sides.run(['checkpoint', 'take']);
    assert.equal(taken.code, 0, taken.complaint);
    const checkpoint = String(member(taken.printed[0], 'id'));
    await fs.writeFile(sides.file, 'bad\n');
    const end = await rollBack(sides, checkpoint);
    assert.equal(end.code, 0, end.complaint);
    assert.equal(await fs.readFile(sides.file, 'utf8'), 'good\n');
    assert.equal((await fs.stat(sides.file)).uid, 0);

    // The host runner dies and comes back; the daemon goes on by itself.
    await sides.end(host, 'SIGKILL');
    const away = await sides.run(['checkpoint', 'take']);
    assert.notEqual(away.code, 0, 'nothing can be captured meanwhile');
    host = await sides.host();
    await fs.writeFile(sides.file, 'bad again\n');
    await until('the daemon has found it again', async () =>
      (await sides.run(['rollback', 'plan', checkpoint])).code === 0 ? true : undefined,
    );
    assert.equal((await rollBack(sides, checkpoint)).code, 0);

    // The daemon dies and comes back; the host runner serves the next one.
    await sides.end(daemon, 'SIGKILL');
    daemon = await sides.daemon();
    await fs.writeFile(sides.file, 'bad for the third time\n');
    const last = await rollBack(sides, checkpoint);
    assert.equal(last.code, 0, last.complaint);
    assert.equal(await fs.readFile(sides.file, 'utf8'), 'good\n');
    await sides.end(daemon, 'SIGTERM');
    await sides.end(host, 'SIGTERM');
  },
);

test(
  'a host runner that knows the daemon by a socket alone leaves its ports out of what changed',
  { skip },
  async (t) => {
    const sides = await TwoSides.make(t);
    const ports = '{ provider: host, sections: [ports] }';
    const before = await sides.configure(ports);
    const host = await sides.host();
    const daemon = await sides.daemon();
    const taken = await sides.run(['checkpoint', 'take']);
    assert.equal(taken.code, 0, taken.complaint);
    await sides.end(daemon, 'SIGTERM');
    const since = await sides.configure(ports);
    const next = await sides.daemon();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const other = member(server.address(), 'port');
    const id = String(member(taken.printed[0], 'id'));
    const diff = JSON.stringify((await sides.run(['checkpoint', 'diff', id])).printed);
    const isTold = (port: unknown): boolean =>
      diff.includes(`ports/tcp/127.0.0.1:${String(port)}"`);
    assert.deepEqual([other, before, since].map(isTold), [true, false, false], diff);
    await sides.end(next, 'SIGTERM');
    await sides.end(host, 'SIGTERM');
  },
);

test('the host runner serves nobody who does not know its secret', { skip }, async (t) => {
  const sides = await TwoSides.make(t);
  await sides.host();
  const bits = async (path: string) => ((await fs.stat(path)).mode & 0o777).toString(8);
  assert.equal(await bits(sides.socket), '660');
  assert.equal(await bits(join(sides.home, 'run', 'host.secret')), '640');
  const socket = createConnection(sides.socket);
  await once(socket, 'connect');
  const bus = new LocalBus({ clock: hostClock(), log: silentLog });
  const link = bus.connect(socket);
  const early = await bus.request('host.x.provider', {}, 5_000);
  assert.equal(early.ok, false);
  const nonce = newNonce();
  const hello = await bus.request(HOST_SUBJECT.hello, nonce, 5_000);
  assert.ok(hello.ok);
  const guess = proofOf(Buffer.alloc(32), 'core', [nonce, String(member(hello.value, 'nonce'))]);
  const proven = await bus.request(HOST_SUBJECT.prove, guess, 5_000);
  assert.equal(proven.ok, false);
  await link.closed;
});

test('a host runner refuses a configuration that others may write', { skip }, async (t) => {
  const sides = await TwoSides.make(t);
  await fs.chmod(sides.config, 0o666);
  await assert.rejects(sides.host(), /did not become ready/);
  await fs.chmod(sides.config, 0o644);
  await fs.chown(sides.config, NOBODY.uid, NOBODY.gid);
  await assert.rejects(sides.host(), /did not become ready/);
});
