import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployService } from '../../shop/deploy-service.ts';
import type { Settings } from '../../shop/deploy-service.ts';
import { layoutFile } from '../../shop/layout.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import { ownClock } from '../stage/own-clock.ts';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { askWell } from './ask-http.ts';
import { inDc, servicePorts } from './data-center.ts';
import { postgresSocket, psql } from './postgres.ts';
import { shopPackages } from './shop-packages.ts';

const source = join(import.meta.dirname, '..', 'shop');
const sharedSource = join(import.meta.dirname, '..', '..', 'shop');

/** Four processes that load OpenTelemetry at once on two busy cores. */
const startTimeoutMs = 30_000;

const names = ['catalog', 'inventory', 'payment', 'checkout'] as const;

/** What each service is configured with before anybody breaks it; money in cents. */
const settingsAtFirst: Readonly<Record<(typeof names)[number], Settings>> = {
  catalog: { cacheSeconds: 5 },
  inventory: {},
  payment: { centsMax: 100_000 },
  checkout: { callTimeoutMs: 1_500 },
};

/** The shop: four instrumented services under a supervisor, deployed as releases behind links. */
export const services: Part = {
  name: 'services',
  summary: 'checkout, payment, inventory and catalog, instrumented with OpenTelemetry',
  needs: ['namespaces', 'postgres', 'redis'],
  programs: [
    { command: 'psql', debianPackage: 'postgresql-client-15' },
    { command: 'curl', debianPackage: 'curl' },
    { command: '/usr/lib/*/faketime/libfaketime.so.1', debianPackage: 'libfaketime' },
  ],
  start: async (stage) => {
    const root = stage.partFolder();
    await deployShop(stage, root);
    const [program = '', ...schema] = psql(stage, 'shop', '');
    await stage.run([program, ...schema.slice(0, -2), '-f', join(source, 'schema.sql')]);
    await stage.launch({
      ...inDc,
      name: 'supervisor',
      command: [process.execPath, join(root, 'program', 'shop', 'supervisor.ts'), root],
    });
    await waitUntil('the services run', startTimeoutMs, async () => {
      const { stdout } = await stage.attempt(shopctl(stage, 'status'));
      return stdout.match(/ runs as pid /g)?.length === names.length ? true : undefined;
    });
  },
  check: async (stage) => {
    const id = `check-${Date.now()}`;
    const url = `http://127.0.0.1:${servicePorts.checkout}`;
    const cart = { sku: 'teapot', quantity: 1 };
    await askWell(stage, `${url}/carts?order=${id}`, { method: 'PUT', body: cart });
    await askWell(stage, `${url}/orders?order=${id}`, { method: 'POST' });
    const found = await stage.run(psql(stage, 'shop', `SELECT 1 FROM orders WHERE id = '${id}'`));
    if (found.trim() !== '1') throw new LabFailure(`order ${id} is not in PostgreSQL`);
    return `sold a teapot as order ${id}`;
  },
  findProcess: async (stage, name) => {
    const { stdout } = await stage.attempt(shopctl(stage, 'status', name));
    const pid = / runs as pid (\d+)/.exec(stdout)?.[1];
    return pid === undefined ? undefined : Number(pid);
  },
  revive: async (stage, name) => {
    await stage.run(shopctl(stage, 'start', name), { timeoutMs: startTimeoutMs });
  },
};

/** The shop's own command line, as the `restart` of a deployment calls it. */
export function shopctl({ folder }: Pick<Stage, 'folder'>, ...words: readonly string[]): Command {
  const root = join(folder, 'services');
  return [process.execPath, join(root, 'program', 'shop', 'shopctl.ts'), root, ...words];
}

/** Puts program, releases and configuration where a deployment tool would leave them. */
async function deployShop(stage: Stage, root: string): Promise<void> {
  const packages = await shopPackages(source);
  const program = stage.partFolder('program');
  const programs = join(program, 'lab', 'shop');
  const isProgram = (path: string): boolean => !/\/(node_modules|releases)$/.test(path);
  cpSync(sharedSource, join(program, 'shop'), { recursive: true });
  cpSync(source, programs, { recursive: true, filter: isProgram });
  symlinkSync(packages, join(program, 'node_modules'));
  stage.partFolder('log');
  const releases = join(source, 'releases');
  for (const name of names) {
    deployService(root, name, { releases, settings: settingsAtFirst[name] });
  }
  const clocks = stage.partFolder('clocks');
  const layout = {
    root,
    programs,
    ports: servicePorts,
    launchers: Object.fromEntries(names.map((name) => [name, ownClock(join(clocks, name))])),
    otlpUrl: 'http://127.0.0.1:4318',
    postgresql: { host: postgresSocket(stage.folder), port: 5432, database: 'shop', user: 'lab' },
    redisUrl: 'redis://127.0.0.1:6379',
    rabbitmqUrl: 'amqp://127.0.0.1:5672',
  };
  writeFileSync(layoutFile(root), `${JSON.stringify(layout, undefined, 2)}\n`);
}
