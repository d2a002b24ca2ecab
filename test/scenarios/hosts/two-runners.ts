import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { whenReady } from '../../place/daemon.ts';
import { textAt } from '../../place/document.ts';
import { freePorts } from '../../place/free-ports.ts';
import { printedBy } from '../../place/printed.ts';
import { ownNamespace, removeNamespace } from '../../place/own-namespace.ts';
import { EXECUTABLE } from '../../place/program.ts';

const isRoot = process.getuid?.() === 0;

/** Who the daemon is: nobody when we are root, so that it could not touch the hosts itself. */
const DAEMON = isRoot ? { uid: 65_534, gid: 65_534 } : {};

/** One setting that every network namespace has for itself. */
const SETTING = '/proc/sys/net/ipv4/ip_forward';

/** The names of the hosts. */
export type HostName = 'fw' | 'r1';

const HOSTS: readonly HostName[] = ['fw', 'r1'];

/** How a command ended, and what it printed, one decoded JSON value a line or document. */
export interface Ended {
  readonly code: number;
  readonly printed: readonly unknown[];
  readonly complaint: string;
}

/** How a runner is started. */
interface RunnerWay {
  readonly at?: HostName;
  readonly within?: HostName;
  readonly under?: readonly string[];
}

/** How a run ended. */
export interface RunEnd {
  readonly run: string;
  readonly state: string;
  readonly why: string;
}

/**
 * A daemon and two hosts `fw` and `r1` with runners of their own: in network namespaces where we
 * are root, else side by side. Each has one switch as its state, 0 or 1.
 */
export class TwoRunners {
  readonly home: string;
  readonly #children = new Set<ChildProcess>();
  /** None where we are not root. */
  readonly #namespaces = new Map<HostName, string>();

  private constructor(home: string) {
    this.home = home;
  }

  static async make(t: TestContext, sources = '[]'): Promise<TwoRunners> {
    const two = new TwoRunners(await fs.mkdtemp(join(tmpdir(), 'lastgood-hosts-')));
    t.after(() => two.#remove());
    await fs.chmod(two.home, 0o755);
    await fs.mkdir(two.path('run'), { mode: 0o750 });
    await fs.mkdir(two.path('data'), { mode: 0o700 });
    if (isRoot) {
      await fs.chown(two.path('run'), 0, 65_534);
      await fs.chown(two.path('data'), 65_534, 65_534);
      for (const host of HOSTS) {
        two.#namespaces.set(host, ownNamespace('lgh', `${two.home.slice(-6)}-${host}`));
      }
    }
    for (const host of HOSTS) await two.set(host, 1);
    await fs.writeFile(two.path('lastgood.yaml'), await two.#config(sources), { mode: 0o644 });
    return two;
  }

  /** Runs a program in the network namespace of a host; needs root. */
  inside(host: HostName, ...words: readonly string[]): void {
    execFileSync(...this.#within(host, words), { stdio: 'pipe' });
  }

  path(...parts: readonly string[]): string {
    return join(this.home, ...parts);
  }

  /** While this file is there, `r1` does not finish a change; `got` says that it began one. */
  get hold(): { readonly file: string; readonly got: string } {
    return { file: this.path('hold'), got: this.path('r1.got') };
  }

  async get(host: HostName): Promise<number> {
    if (!isRoot) return Number(await fs.readFile(this.#switch(host), 'utf8'));
    return Number(execFileSync(...this.#within(host, ['cat', SETTING])));
  }

  async set(host: HostName, value: number): Promise<void> {
    const path = this.#switch(host);
    if (!isRoot) return fs.writeFile(path, `${value}\n`);
    execFileSync(...this.#within(host, ['sh', '-c', `echo ${value} > ${path}`]));
  }

  /**
   * Starts a runner; `at`: another's socket, `within`: another's network namespace, `under`: a
   * program that runs it otherwise.
   */
  async runner(
    host: HostName,
    { at = host, within = host, under = [] }: RunnerWay = {},
  ): Promise<ChildProcess> {
    const group = isRoot ? 'nogroup' : execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
    // Its own socket is the one that the configuration has for its name.
    const place = at === host ? [] : ['--socket', this.path('run', `${at}.sock`)];
    const own = ['--name', host, ...place, '--group', group];
    const words = [EXECUTABLE, 'host', ...own, ...this.#place(`host-${host}`)];
    const [program, rest] = this.#within(within, [...under, process.execPath, ...words]);
    const child = this.#start(program, rest, {});
    await whenReady(child);
    return child;
  }

  /** Starts the daemon; answers its process once it is ready. */
  async daemon(): Promise<ChildProcess> {
    const words = [EXECUTABLE, 'up', ...this.#place('data')];
    const child = this.#start(process.execPath, words, DAEMON);
    await whenReady(child);
    return child;
  }

  async run(words: readonly string[], hear: (value: unknown) => void = () => undefined) {
    const all = [EXECUTABLE, ...words, '--config', this.path('lastgood.yaml'), '--json'];
    const child = this.#start(process.execPath, all, DAEMON);
    const closed = once(child, 'close');
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    if (child.stdout === null) throw new Error('the child has its pipes');
    const printed = await printedBy(child.stdout, hear);
    await closed;
    return { code: child.exitCode ?? -1, printed, complaint } satisfies Ended;
  }

  /** Goes back to a checkpoint; confirms as soon as that is asked for. Answers how it ended. */
  async goBack(checkpoint: string): Promise<RunEnd> {
    const planned = await this.run(['rollback', 'plan', checkpoint]);
    if (planned.code !== 0) throw new Error(planned.complaint);
    return this.apply(textAt(planned.printed[0], 'id'));
  }

  /** Applies a plan, as `goBack`. */
  async apply(plan: string): Promise<RunEnd> {
    let [token, id] = ['', ''];
    const ended = await this.run(['rollback', 'apply', plan], (value) => {
      const said = new Map<string, unknown>(Object.entries(Object(value)));
      token = String(said.get('token') ?? token);
      id = String(said.get('run') ?? id);
      if (said.get('state') !== 'AWAITING_CONFIRM') return;
      void this.run(['rollback', 'confirm', id, '--token', token]);
    });
    const last = new Map<string, unknown>(Object.entries(Object(ended.printed.at(-1))));
    const why = `${String(last.get('code'))} ${String(last.get('why'))} ${ended.complaint}`;
    return { run: id, state: String(last.get('state')), why };
  }

  async end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  #place(data: string): readonly string[] {
    return ['--config', this.path('lastgood.yaml'), '--data', this.path(data)];
  }

  #start(program: string, words: readonly string[], who: { uid?: number; gid?: number }) {
    const LASTGOOD_DATA = this.path('data');
    const env = { ...process.env, LASTGOOD_DATA, HOME: this.home, NO_COLOR: '1' };
    const child = spawn(program, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      env,
      ...who,
    });
    this.#children.add(child);
    return child;
  }

  #namespace(host: HostName): string {
    const namespace = this.#namespaces.get(host);
    if (namespace === undefined) throw new Error(`${host} has no network namespace`);
    return namespace;
  }

  #switch(host: HostName): string {
    return isRoot ? SETTING : this.path(`${host}.switch`);
  }

  #within(host: HostName, words: readonly string[]): [string, readonly string[]] {
    const all = isRoot ? ['nsenter', `--net=/run/netns/${this.#namespace(host)}`, ...words] : words;
    return [all[0] ?? '', all.slice(1)];
  }

  /** Its check is green nowhere but where its switch is. */
  #component(name: string, host: HostName, rest: string, apply: string): string {
    const path = this.#switch(host);
    const inside = isRoot
      ? `[ $(readlink /proc/self/ns/net) = '${this.#namespaceId(host)}' ]`
      : `[ -e ${path} ]`;
    const state = `capture: [cat, ${path}], apply: [sh, -c, "${apply} > ${path}"]`;
    const health = `{ command: [sh, -c, "${inside}"] }`;
    const members = `name: ${name}, host: ${host}, state: [{ provider: command, ${state} }]`;
    return `  - { ${members}, health: [${health}]${rest} }`;
  }

  #namespaceId(host: HostName): string {
    const [program, words] = this.#within(host, ['readlink', '/proc/self/ns/net']);
    return execFileSync(program, words, { encoding: 'utf8' }).trim();
  }

  async #config(sources: string): Promise<string> {
    const [ui = 0] = await freePorts(1);
    const { file, got } = this.hold;
    const slowly = `cat > ${got}; while [ -e ${file} ]; do sleep 0.05; done; cat ${got}`;
    const hosts = HOSTS.map((name) => `{ name: ${name}, socket: ${this.path('run', name)}.sock }`);
    return `version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: false, otlpGrpc: false, syslogUdp: false,
  syslogTcp: false }
sources: ${sources}
hosts: [ ${hosts.join(', ')} ]
components:
${this.#component('firewall', 'fw', '', 'cat')}
${this.#component('router', 'r1', ', dependsOn: [firewall]', slowly)}
checkpoints: { schedule: false }
rollback: { confirmTimeout: 60s, onSilence: revert, gate: { samples: 1, interval: 200ms } }
`;
  }

  async #remove(): Promise<void> {
    for (const child of this.#children) {
      child.kill('SIGCONT');
      await this.end(child, 'SIGKILL');
    }
    await fs.rm(this.hold.file, { force: true });
    for (const namespace of this.#namespaces.values()) removeNamespace(namespace);
    await fs.rm(this.home, { recursive: true, force: true });
  }
}
