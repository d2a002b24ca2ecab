import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import { builtUi } from './built-ui.ts';
import { textAt } from '../place/document.ts';
import { freePorts } from '../place/free-ports.ts';
import { startDaemon, type Daemon } from './daemon.ts';

/**
 * A daemon that watches one small, real service: it answers 500 and logs errors while its
 * configuration says so, and is well otherwise. Everything lies in one temporary folder.
 */
export interface SmallWorld {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** The link that signs one browser in, as the daemon prints it for people when it is ready. */
  readonly signInUrl: () => Promise<string>;
  /** The file the service reads on every request, and lastgood may restore. */
  readonly configFile: string;
  /**
   * Kills the daemon with SIGKILL and starts it again; resolves when it is ready. `meanwhile` is
   * told its data directory while nobody uses it.
   */
  readonly crash: (meanwhile?: (data: string) => Promise<void>) => Promise<void>;
  /** Sends log records as OTLP/JSON; resolves once the daemon says they are durable. */
  readonly log: (severity: number, text: string, extra?: LogExtra) => Promise<void>;
  /** Signs the page's browser in, by the token file or as somebody else; shows the first page. */
  readonly signIn: (page: Page, token?: string) => Promise<void>;
  /** Makes a token for somebody of this name. */
  readonly token: (role: 'responder' | 'approver', name: string) => Promise<string>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** What a log record carries beside its text. */
export interface LogExtra {
  readonly service?: string;
  readonly eventName?: string;
  readonly traceId?: string;
}

/**
 * Starts the service, its customers and the daemon; resolves when the daemon is ready. `more`:
 * further components, as lines of the configuration.
 */
export async function startSmallWorld(more: string = ''): Promise<SmallWorld> {
  builtUi();
  // Whatever fails below, what was started before it is ended again.
  await using stack = new AsyncDisposableStack();
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-e2e-'));
  stack.defer(() => fs.rm(folder, { recursive: true, force: true }));
  const etc = join(folder, 'etc');
  const configFile = join(etc, 'till.json');
  await fs.mkdir(etc);
  await fs.writeFile(configFile, '{\n  "currency": "EUR",\n  "broken": false\n}\n');
  const service = await serveTill(configFile);
  stack.defer(() => void service.close());
  const [ui = 0, otlp = 0] = await freePorts(2);
  const ports: Ports = { ui, otlp };
  const data = join(folder, 'data');
  const config = join(folder, 'lastgood.yaml');
  await fs.writeFile(config, yaml(ports, etc, portOf(service), more));
  const launch = (): Promise<Daemon> => startDaemon(config, data);
  let daemon = await launch();
  stack.defer(() => daemon.stop());
  const log = logger(ports.otlp);
  const customers = visit(portOf(service), log);
  stack.defer(() => customers.stop());
  const all = stack.move();
  return {
    url: `http://127.0.0.1:${ports.ui}`,
    signInUrl: () => daemon.signInUrl,
    crash: async (meanwhile) => {
      await daemon.kill();
      await meanwhile?.(data);
      daemon = await launch();
    },
    configFile,
    log,
    signIn: async (page, token) => {
      await signIn(page, `http://127.0.0.1:${ports.ui}`, token ?? (await adminToken(data)));
    },
    token: (role, name) => makeToken(`http://127.0.0.1:${ports.ui}`, data, { role, name }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

interface Ports {
  readonly ui: number;
  readonly otlp: number;
}

function yaml(ports: Ports, etc: string, service: number, more: string): string {
  return `version: 1
listen: { ui: "127.0.0.1:${ports.ui}", otlpHttp: "127.0.0.1:${ports.otlp}",
  otlpGrpc: false, syslogUdp: false, syslogTcp: false }
sources: []
components:
  - name: till
    kind: application
    requires: { logs: [application] }
    state: [ { provider: files, paths: ${JSON.stringify([etc])} } ]
    health: [ { http: "http://127.0.0.1:${service}/healthz", expect: 200 } ]
${more}triggers:
  - { name: till-errors, signal: log-rate, component: till, minSeverity: 17, window: 3s, above: 1,
      then: [incident] }
checkpoints: { schedule: 5s, soak: 2s }
rollback: { confirmTimeout: 60s, onSilence: revert, gate: { samples: 2, interval: 300ms } }
`;
}

/** The service: one file decides whether it works. */
async function serveTill(configFile: string): Promise<Server> {
  const server = createServer((_request, response) => {
    const isBroken = readFileSync(configFile, 'utf8').includes('"broken": true');
    response.writeHead(isBroken ? 500 : 200).end(isBroken ? 'broken' : 'well');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server is not listening');
  return bound.port;
}

/** Customers come ten times a second; each visit leaves a log record, an error when it failed. */
function visit(port: number, log: SmallWorld['log']): { readonly stop: () => Promise<void> } {
  const abort = new AbortController();
  const visiting = (async () => {
    for (let count = 1; !abort.signal.aborted; count += 1) {
      const { status } = await fetch(`http://127.0.0.1:${port}/`);
      await (
        status === 200
          ? log(9, `sale ${count} rung up`)
          : log(17, `sale ${count} failed: the drawer is broken`)
      ).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    stop: async () => {
      abort.abort();
      await visiting;
    },
  };
}

function logger(port: number): SmallWorld['log'] {
  return async (severity, text, { service = 'till', eventName, traceId } = {}) => {
    const now = `${Date.now()}000000`;
    const body = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: now,
                  severityNumber: severity,
                  body: { stringValue: text },
                  ...(eventName === undefined ? {} : { eventName }),
                  ...(traceId === undefined ? {} : { traceId }),
                },
              ],
            },
          ],
        },
      ],
    };
    const response = await fetch(`http://127.0.0.1:${port}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.status !== 200) throw new Error(`OTLP answered ${response.status}`);
  };
}

async function adminToken(data: string): Promise<string> {
  return (await fs.readFile(join(data, 'admin.token'), 'utf8')).trim();
}

async function makeToken(url: string, data: string, wish: object): Promise<string> {
  const response = await fetch(`${url}/api/v1/tokens`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await adminToken(data)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(wish),
  });
  return textAt(await response.json(), 'token');
}

async function signIn(page: Page, url: string, token: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('access token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}
