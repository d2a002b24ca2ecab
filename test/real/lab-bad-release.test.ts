import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { parseJson } from '../../src/base/parse-json.ts';
import { member } from '../place/real-daemon.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';
import { canStage, labStage, root, run, type Said } from './lab-stage.ts';

const { folder: stage, done } = labStage('lgsr');

/** Programs whose absence the lab cannot mend by itself, and what brings them. */
const programs = [
  ['haproxy', 'haproxy'],
  ['nginx', 'nginx-light'],
  ['redis-server', 'redis-server'],
  ['rabbitmqctl', 'rabbitmq-server'],
  ['prometheus', 'prometheus'],
  ['prometheus-alertmanager', 'prometheus-alertmanager'],
  ['nft', 'nftables'],
  ['vtysh', 'frr'],
  ['netconfd', 'netconfd'],
  ['sshd', 'openssh-server'],
  ['ip', 'iproute2'],
  ['psql', 'postgresql-15'],
  ['npm', 'npm'],
] as const;

it('a bad release of payment is named, rolled back, and the customers are well', async (test) => {
  if (!canStage(test, programs)) return;
  try {
    await done('up', 'lastgood', 'customers', 'alertmanager', 'prometheus', 'rabbitmq');
    await until('a good checkpoint', async () =>
      list(await ask('checkpoint', 'list'), 'checkpoints').find(
        (one) => member(one, 'status') === 'good',
      ),
    );
    await until('RabbitMQ has orders shipped', async () => {
      const { said } = await run('psql', ...shopDatabase, 'SELECT count(*) FROM shipments');
      return Number(said) > 0 ? true : undefined;
    });

    await shopctl('deploy', 'payment', 'v2');
    const broken = performance.now();
    const incident = await until('an incident that names payment', async () => {
      const [first] = list(await ask('incident', 'list'), 'incidents');
      if (first === undefined) return undefined;
      const shown = await ask('incident', 'show', String(member(first, 'id')));
      const suspect = list(shown, 'suspects')[0];
      return member(suspect, 'component') === 'payment' ? shown : undefined;
    });
    const named = performance.now();
    assert.equal(member(member(incident, 'rollback'), 'helps'), 'yes');
    await until('the alert of Prometheus', async () => {
      const { said } = await lastgood('events', '--kind', 'alert', '--component', 'checkout');
      return said.includes('"alert.name":"CheckoutErrors"') ? true : undefined;
    });

    const id = String(member(incident, 'id'));
    const plan = await ask('rollback', 'plan', '--incident', id);
    const applied = await lastgood('rollback', 'apply', String(member(plan, 'id')));
    assert.equal(applied.code, 0, applied.said);
    const healed = performance.now();

    const { code: well, said: seen } = await run(process.execPath, ...probe);
    assert.equal(well, 0, seen);
    assert.equal(await fs.readlink(`${stage}/services/payment/current`), 'releases/v1');
    const orders = await done('orders');
    const paid = Number(member(parseJson(orders), 'paid'));
    assert.ok(paid > 20, `${paid} orders were paid`);
    const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
    test.diagnostic(`named ${seconds(broken, named)} s after the deployment`);
    test.diagnostic(`healed ${seconds(named, healed)} s later; ${orders.trim()}`);
  } finally {
    await done('down');
  }
});

it("the shop's sources keep to their types", async (test) => {
  if (hostProgram(test, 'npm', 'npm') === undefined) return;
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-shop-types-'));
  try {
    const shop = join(folder, 'lab', 'shop');
    await fs.cp(join(root, 'lab', 'shop'), shop, { recursive: true });
    await fs.cp(join(root, 'shop'), join(folder, 'shop'), { recursive: true });
    for (const name of ['tsconfig.json', 'package.json']) {
      await fs.copyFile(join(root, name), join(folder, name));
    }
    await fs.symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const installed = await run('npm', 'ci', '--ignore-scripts', '--no-audit', '--prefix', shop);
    assert.equal(installed.code, 0, installed.said);
    const compiler = join(root, 'node_modules', '.bin', 'tsc');
    const { code, said } = await run(compiler, '-p', shop);
    assert.equal(code, 0, said);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
});

const shopDatabase = ['-h', `${stage}/postgres/run`, '-U', 'lab', '-d', 'shop', '-qAtXc'];
const probe = [join(root, 'lab', 'customers', 'probe.ts'), `${stage}/customers`];

const lastgood = (...words: readonly string[]): Promise<Said> =>
  run(`${stage}/lastgood/ask`, ...words, '--json');

/** One document of the daemon on the stage; undefined without one. */
const ask = async (...words: readonly string[]): Promise<unknown> =>
  parseJson((await lastgood(...words)).said);

async function shopctl(...words: readonly string[]): Promise<void> {
  const program = `${stage}/services/program/shop/shopctl.ts`;
  const { code, said } = await run(process.execPath, program, `${stage}/services`, ...words);
  assert.equal(code, 0, said);
}

function list(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}
