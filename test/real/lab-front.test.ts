import assert from 'node:assert/strict';
import { it } from 'node:test';
import { until } from '../place/until.ts';
import { canStage, labStage } from './lab-stage.ts';

const { folder, done, inside } = labStage('lgfr');

const programs = [
  ['nginx', 'nginx-light'],
  ['haproxy', 'haproxy'],
  ['redis-server', 'redis-server'],
  ['nft', 'nftables'],
  ['vtysh', 'frr'],
  ['ip', 'iproute2'],
  ['psql', 'postgresql-15'],
  ['npm', 'npm'],
] as const;

/** Each fault, and how it shows once it is there. */
const faults = [
  { words: ['bad-push', 'nginx'], shows: () => clientSees('502') },
  { words: ['bad-push', 'haproxy'], shows: () => clientSees('503') },
  { words: ['expired-cert'], shows: () => clientSees('certificate has expired') },
  { words: ['clock', '--on', 'services/checkout'], shows: () => isAhead('checkout', 37) },
  { words: ['clock', '--on', 'nginx/nginx'], shows: () => isAhead('nginx', 37) },
  { words: ['conntrack'], shows: () => clientSees('timed out') },
] as const;

it('faults of the shop and its front show as what they are, and go again', async (test) => {
  if (!canStage(test, programs)) return;
  try {
    await done('up', 'nginx', 'services');
    const isWell = async (): Promise<boolean> =>
      (await clientSees('200')) && (await isAhead('checkout', 0)) && (await isAhead('nginx', 0));
    await until('the client is served', isWell, Boolean);
    for (const { words, shows } of faults) {
      await done('fault', ...words);
      await until(`sight of ${words.join(' ')}`, shows, Boolean);
      assert.equal(await isAhead('payment', 0), true);
      await done('fault', 'clear');
      await until(`end of ${words.join(' ')}`, isWell, Boolean);
    }
  } finally {
    await done('down');
  }
});

/** Whether a request of the client, through firewall and routers, ends like this. */
async function clientSees(expected: string): Promise<boolean> {
  const flags = ['-sS', '-m', '5', '-o', '/dev/null', '--cacert', `${folder}/nginx/trust.pem`];
  const words = [...flags, '-w', '%{stderr}%{http_code}', 'https://10.10.0.10/healthz'];
  return (await inside('cli', 'curl', ...words)).said.includes(expected);
}

const doors = {
  checkout: 'http://127.0.0.1:23001',
  payment: 'http://127.0.0.1:23002',
  nginx: 'https://10.10.0.10',
} as const;

/** Whether a service says a time so many seconds ahead of ours; a busy machine may delay both. */
async function isAhead(service: keyof typeof doors, seconds: number): Promise<boolean> {
  const words = ['-sSk', '-m', '5', '-D', '-', '-o', '/dev/null'];
  const { said } = await inside('dc', 'curl', ...words, `${doors[service]}/healthz`);
  const time = Date.parse(/^date: (.*)$/im.exec(said)?.[1] ?? '');
  return Math.abs((time - Date.now()) / 1_000 - seconds) < 15;
}
