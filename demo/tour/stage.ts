import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCustomers } from '../customers/start-customers.ts';
import type { Customers } from '../customers/start-customers.ts';
import { buildShop } from '../shop/build-shop.ts';
import { freePorts } from '../shop/free-ports.ts';
import type { DemoLayout, ServiceName } from '../shop/layout.ts';
import { startShop } from '../shop/start-shop.ts';
import type { RunningShop } from '../shop/start-shop.ts';
import { createDaemon } from './daemon.ts';
import type { Daemon } from './daemon.ts';
import { lastgoodYaml } from './lastgood-yaml.ts';
import { createPulse } from './pulse.ts';
import type { Pulse } from './pulse.ts';
import type { Screen } from './screen.ts';

/** Everything a round of the tour plays on. */
export type Stage = {
  readonly layout: DemoLayout;
  readonly daemon: Daemon;
  readonly pulse: Pulse;
  readonly screen: Screen;
};

/** The stage with the ways to raise and to strike it. */
export type StageSet = Stage & {
  readonly startShop: () => Promise<void>;
  readonly startCustomers: () => void;
  /** Sends the customers home; resolves with their ledger, or undefined when none ever came. */
  readonly stopCustomers: () => Promise<string | undefined>;
  /** Ends every process of the tour and removes its directory. Striking twice is striking once. */
  readonly strike: () => Promise<void>;
};

/**
 * Sets the stage in a fresh directory under the system's temporary one: a shop, a configuration for
 * it, and a daemon that is not started. From here on a janitor process cleans up whatever happens.
 */
export async function setStage(screenOf: (pulse: Pulse) => Screen): Promise<StageSet> {
  const ports = await freePorts(6);
  const [payment = 0, catalog = 0, checkout = 0, gateway = 0, ui = 0, otlpHttp = 0] = ports;
  const root = mkdtempSync(join(tmpdir(), 'lastgood-demo-'));
  // As root the daemon drops to another user, who must be able to walk into the directory.
  chmodSync(root, 0o755);
  const sweepUp = startJanitor(root);
  const otlpUrl = `http://127.0.0.1:${otlpHttp}`;
  const layout = buildShop({ root, ports: { payment, catalog, checkout, gateway }, otlpUrl });
  const daemon = createTourDaemon(layout, { ui, otlpHttp });
  const pulse = createPulse();
  let shop: RunningShop | undefined;
  let customers: Customers | undefined;
  let struck: Promise<void> | undefined;
  const screen = screenOf(pulse);
  const strike = async (): Promise<void> => {
    screen.end();
    await Promise.allSettled([customers?.stop(), daemon.stop()]);
    await shop?.stop();
    await sweepUp();
  };
  return {
    layout,
    daemon,
    pulse,
    screen,
    startShop: async () => {
      shop = await startShop(root);
    },
    startCustomers: () => {
      customers = startCustomers(layout, pulse.add);
    },
    stopCustomers: async () => {
      await customers?.stop();
      return customers?.ledgerFile;
    },
    strike: () => (struck ??= strike()),
  };
}

function createTourDaemon(
  layout: DemoLayout,
  ports: { readonly ui: number; readonly otlpHttp: number },
): Daemon {
  const configFile = join(layout.root, 'lastgood.yaml');
  const dataDirectory = join(layout.root, 'lastgood-data');
  const shopctl = join(import.meta.dirname, '..', '..', 'shop', 'shopctl.ts');
  const restart = (service: ServiceName): readonly string[] => [
    process.execPath,
    shopctl,
    layout.root,
    'restart',
    service,
  ];
  writeFileSync(configFile, lastgoodYaml(layout, ports, restart));
  // The variable is how the janitor knows the processes the daemon starts for this tour.
  const environment = { ...process.env, LASTGOOD_DEMO_ROOT: layout.root };
  const place = { configFile, dataDirectory, environment };
  const logFile = join(layout.root, 'log', 'lastgood.log');
  return createDaemon({ place, uiPort: ports.ui, logFile });
}

function startJanitor(root: string): () => Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'janitor.ts'), root], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return async () => {
    child.stdin.end();
    await ended;
  };
}
