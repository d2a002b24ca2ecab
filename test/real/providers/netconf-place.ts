import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { netconfSpec } from '../../../src/adapters/providers/netconf/netconf-spec.ts';
import { inSession, type Session } from '../../../src/adapters/providers/netconf/session.ts';
import type { XmlElement } from '../../../src/adapters/providers/netconf/xml/element.ts';
import { unwrap } from '../../../src/base/result.ts';
import { hostClock } from '../../../src/daemon/host-clock.ts';
import { converse } from '../../../src/runner/converse.ts';
import { until } from '../../place/until.ts';
import { presentProgram } from '../host-program.ts';

/** The server wants the number of the SSH server's port; over its own socket nobody listens. */
const PORT = 830;

/** A second module, so that there are two nodes, one of which is secret. */
const KEYS = `module lg-keys {
  namespace "urn:lg:keys";
  prefix lk;
  container keys { leaf shared { type string; } }
}
`;

const STARTUP = `<?xml version="1.0" encoding="UTF-8"?>
<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">
  <device xmlns="urn:lg:device"><hostname>fresh</hostname></device>
</config>
`;

/** Why no device can be started here; undefined when one can. */
export function netconfLacks(): string | undefined {
  // It is its own superuser by name.
  if (process.geteuid?.() !== 0) return 'netconfd knows root alone';
  const found = presentProgram('/usr/sbin/netconfd', 'netconfd');
  return found === undefined ? 'apt-get install netconfd' : undefined;
}

/** A real NETCONF server with a running and a startup configuration, on a socket of its own. */
export class NetconfPlace {
  readonly #root: string;
  readonly #socket: string;
  readonly #pid: string;
  readonly #more: readonly string[];

  constructor(root: string, ...more: readonly string[]) {
    this.#root = root;
    this.#socket = join(root, 'ncx.sock');
    this.#pid = join(root, 'netconfd.pid');
    this.#more = more;
  }

  /** The settings that lead to it. */
  get spec(): { readonly command: readonly string[]; readonly secrets: readonly string[] } {
    const subsystem = [
      '/usr/sbin/netconf-subsystem',
      `--ncxserver-sockname=${PORT}@${this.#socket}`,
    ];
    const login = ['USER=root', `SSH_CONNECTION=127.0.0.1 20000 127.0.0.1 ${PORT}`];
    return { command: ['env', ...login, ...subsystem], secrets: ['lg-keys:keys'] };
  }

  /** Starts the server, if it does not run, with what it saved. */
  async start(): Promise<void> {
    if (existsSync(this.#socket)) return;
    const startup = join(this.#root, 'startup-cfg.xml');
    if (!existsSync(startup)) {
      const device = join(import.meta.dirname, '../../../lab/config/lg-device.yang');
      copyFileSync(device, join(this.#root, 'lg-device.yang'));
      writeFileSync(join(this.#root, 'lg-keys.yang'), KEYS);
      writeFileSync(startup, STARTUP);
    }
    const modules = ['--module=lg-device', '--module=lg-keys'];
    const words = [
      `--startup=${startup}`,
      '--with-startup=true',
      ...modules,
      `--modpath=${this.#root}:/usr/share/yuma/modules`,
      '--superuser=root',
      `--port=${PORT}`,
      `--ncxserver-sockname=${this.#socket}`,
      ...this.#more,
    ];
    const log = openSync(join(this.#root, 'netconfd.log'), 'a');
    const child = spawn('/usr/sbin/netconfd', words, {
      stdio: ['ignore', log, log],
      env: { ...process.env, HOME: this.#root },
      detached: true,
    });
    child.unref();
    writeFileSync(this.#pid, String(child.pid));
    await until('the device answers', async () => (await this.#answers()) || undefined);
  }

  /** Ends the server at once, as losing power would; what it did not save is gone. */
  async cutPower(): Promise<void> {
    if (!existsSync(this.#pid)) return;
    const pid = Number(readFileSync(this.#pid, 'utf8'));
    process.kill(pid, 'SIGKILL');
    await until('the device has ended', async () => (lives(pid) ? undefined : true));
    rmSync(this.#pid);
    rmSync(this.#socket, { force: true });
  }

  /** Operations in one session, as somebody else would give them; all must be done. */
  async tell(...operations: readonly string[]): Promise<void> {
    await this.with(async (session) => {
      for (const operation of operations) unwrap(await session.ask('by hand', operation));
    });
  }

  /** What a leaf holds in a datastore. */
  async leaf(name: string, from: 'running' | 'startup' = 'running'): Promise<string | undefined> {
    const operation = `<get-config><source><${from}/></source></get-config>`;
    return this.with(async (session) =>
      textOf(unwrap(await session.ask('by hand', operation)), name),
    );
  }

  /**
   * Waits until it has gone back by itself, as its own log tells: Yuma's server looks at its timers
   * only when nobody has asked it anything for a second.
   */
  async wentBack(): Promise<void> {
    await until('the device has gone back', async () => {
      const said = readFileSync(join(this.#root, 'netconfd.log'), 'utf8');
      return / on session 0 by superuser/.test(said) ? true : undefined;
    });
  }

  /** A session of somebody else, for as long as `work` takes. */
  async with<Value>(work: (session: Session) => Promise<Value>): Promise<Value> {
    const { signal } = new AbortController();
    const setting = { env: { PATH: process.env['PATH'] ?? '' }, signal };
    const ended = await inSession(
      netconfSpec.parse(this.spec),
      {
        clock: hostClock(),
        signal,
        converse: (command, options, talk) => converse(command, options, setting, talk),
      },
      async (session) => ({ ok: true, value: await work(session) }),
    );
    return unwrap(ended);
  }

  async #answers(): Promise<boolean> {
    if (!existsSync(this.#socket)) return false;
    try {
      return await this.with(async () => true);
    } catch {
      return false;
    }
  }
}

/** Nodes replaced in the candidate and committed. */
export function replaced(hostname: string, shared?: string): readonly string[] {
  const nc = 'xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="replace"';
  const device =
    `<device xmlns="urn:lg:device" ${nc}><hostname>${hostname}</hostname>` +
    '<interface><name>ge1</name><mtu>1500</mtu></interface></device>';
  const keys =
    shared === undefined ? '' : `<keys xmlns="urn:lg:keys" ${nc}><shared>${shared}</shared></keys>`;
  const target = '<target><candidate/></target>';
  return [`<edit-config>${target}<config>${device}${keys}</config></edit-config>`, '<commit/>'];
}

function textOf(element: XmlElement, name: string): string | undefined {
  if (element.name === name) return element.text;
  for (const child of element.children) {
    const found = textOf(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function lives(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
