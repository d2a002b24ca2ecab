import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fillDisk, smallDiskOrSkip } from '../../src/testing/small-disk.ts';
import type { Daemon } from '../place/daemon.ts';
import { at, listAt, textAt } from '../place/document.ts';
import { sendLogs } from '../place/otlp.ts';
import { makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

/** The component lies on the disk that is full, as it does on most hosts. */
const shop = (folder: string, timeout: string): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${folder}"] } ]
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: ${timeout}, gate: { samples: 1, interval: 200ms } }
`;

interface FullPlace {
  readonly place: Place;
  readonly daemon: Daemon;
  readonly disk: string;
  readonly checkpoint: string;
  value(): Promise<string>;
}

/** A place on a small disk, with a checkpoint of what was good, and a bad value since. */
async function begin(t: TestContext, timeout: string): Promise<FullPlace | undefined> {
  const disk = await smallDiskOrSkip(t, 64);
  if (disk === undefined) return undefined;
  const folder = join(disk, 'shop');
  await fs.mkdir(folder);
  const file = join(folder, 'value');
  await fs.writeFile(file, 'good\n');
  const config = (): string => shop(folder, timeout);
  const place = await makePlace(t, { data: join(disk, 'data'), config });
  const daemon = await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  await fs.writeFile(file, 'bad\n');
  await until('the reserve', () => reserveSeen(place), isWhole);
  return {
    place,
    daemon,
    disk,
    checkpoint: textAt(taken.json[0], 'id'),
    value: () => fs.readFile(file, 'utf8'),
  };
}

const SET_ASIDE =
  /\d\.\d of 8\.0 MiB are set aside for recovery \(core .*, host runner .*\); 0\.\d MiB are free/;

const isWhole = (seen: readonly string[]): boolean =>
  seen[0]?.startsWith('6.0 of 6.0 MiB are set aside; ') === true &&
  seen[1] === '2.0 of 2.0 MiB are set aside';

/** What `doctor` says of the reserves of the core and of the host runner. */
async function reserveSeen({ api }: Place): Promise<readonly string[]> {
  const findings = listAt((await api('doctor')).body, 'findings');
  return findings
    .filter((one) => textAt(one, 'subject').startsWith('recovery reserve'))
    .map((one) => textAt(one, 'seen'));
}

async function stateOf(place: Place, run: string): Promise<unknown> {
  return at((await place.api(`runs/${run}`)).body, 'state');
}

async function reach(place: Place, run: string, wanted: string): Promise<void> {
  const ends = ['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR', wanted];
  const seen = await until(
    `${wanted} of ${run}`,
    () => stateOf(place, run),
    (now) => ends.includes(String(now)),
  );
  assert.equal(seen, wanted, JSON.stringify((await place.api(`runs/${run}`)).body));
}

/** Plans and applies over the command line; answers the run and its token. */
async function apply(place: Place, checkpoint: string) {
  const planned = await place.run(['rollback', 'plan', checkpoint, '--json']);
  assert.equal(planned.code, 0, planned.err);
  const started = await place.api(`plans/${textAt(planned.json[0], 'id')}/apply`, {
    planHash: textAt(planned.json[0], 'planHash'),
  });
  assert.ok(started.status < 300, JSON.stringify(started.body));
  return { run: textAt(started.body, 'run'), token: textAt(started.body, 'token') };
}

/** Confirms as a person does who was told the token. */
async function confirm(place: Place, run: string, token: string): Promise<void> {
  const { body } = await place.api(`runs/${run}`);
  const said = await place.api(`runs/${run}/confirm`, { token, nonce: textAt(body, 'nonce') });
  assert.equal(said.status, 200, JSON.stringify(said.body));
}

test('on a full disk a rollback is planned, applied, killed, taken over and kept', async (t) => {
  const made = await begin(t, '90s');
  if (made === undefined) return;
  const { place, disk, checkpoint, value } = made;
  let { daemon } = made;
  assert.equal(await sendLogs(place.otlpPort, ['before']), 200);
  await fillDisk(disk);
  assert.notEqual(await sendLogs(place.otlpPort, ['refused']), 200);

  const { run, token } = await apply(place, checkpoint);
  await reach(place, run, 'AWAITING_CONFIRM');
  assert.equal(await value(), 'good\n');
  const status = await place.run(['status']);
  assert.equal(status.code, 0, status.err);
  // Which of the two gave a step up first is a race; the sum is told.
  assert.match(status.out.replaceAll(/\s+/g, ' '), SET_ASIDE);
  assert.notEqual(
    await sendLogs(place.otlpPort, ['what was given up']),
    200,
    'is not for evidence',
  );

  // Whoever filled it takes what was given up as well, and then the daemon is killed.
  await fillDisk(disk);
  await daemon.kill();
  await fillDisk(disk);
  daemon = await place.up();
  await reach(place, run, 'AWAITING_CONFIRM');
  await fillDisk(disk);
  await confirm(place, run, token);
  await reach(place, run, 'COMMITTED');
  assert.equal(await value(), 'good\n');
  assert.equal((await place.run(['checkpoint', 'check', checkpoint])).code, 0);
  const exported = await place.run(['checkpoint', 'export', checkpoint, place.path('exported')]);
  assert.equal(exported.code, 0, exported.err);
  const audit = await place.run(['audit', '--verify']);
  assert.equal(audit.code, 0, audit.err);

  await fs.rm(join(disk, 'ballast'));
  await until(
    'ingest to go on',
    () => sendLogs(place.otlpPort, ['after']),
    (answer) => answer === 200,
  );
  const page = await place.api('timeline?limit=1000&order=oldest');
  const bodies = listAt(page.body, 'records').map((record) => at(record, 'body'));
  assert.ok(bodies.includes('before') && bodies.includes('after'), JSON.stringify(bodies));
  await until('a whole reserve', () => reserveSeen(place), isWhole);
  assert.equal((await daemon.stop()).code, 0);
});

/** The report that a dead-man left, as it lies there; undefined while there is none. */
async function reportOf(folder: string): Promise<string | undefined> {
  const names = await fs.readdir(folder, { recursive: true });
  return names.find((name) => name.endsWith('/report'));
}

test('with no byte free and no daemon the host itself goes back in time and reports', async (t) => {
  const made = await begin(t, '20s');
  if (made === undefined) return;
  const { place, disk, checkpoint, value } = made;
  const { run } = await apply(place, checkpoint);
  await reach(place, run, 'AWAITING_CONFIRM');
  await made.daemon.kill();
  assert.equal(await value(), 'good\n');
  await fillDisk(disk);
  await until('the way back', value, (now) => now === 'bad\n');
  await until('the report of the dead-man', () => reportOf(join(disk, 'data/host/deadman')));
  await fillDisk(disk);
  await place.up();
  await reach(place, run, 'REVERTED');
  assert.equal(await value(), 'bad\n');
});
