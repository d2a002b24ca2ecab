import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Json } from '../../src/base/canonical-json.ts';
import { realDisk } from '../../src/base/disk.ts';
import { unwrap } from '../../src/base/result.ts';
import { AuditLog } from '../../src/api/access/audit-log.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import type { ControlStore } from '../../src/ports/control-store.ts';
import { openControl } from './served.ts';

const clock = new ManualClock();
const STREAM = 'audit/00000000';

let folder = '';
let headFile = '';
let control: ControlStore;

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'lg-audit-'));
  headFile = join(folder, 'audit.head');
  control = await openControl(folder);
});

afterEach(async () => {
  await control.close();
  await fs.rm(folder, { recursive: true, force: true });
});

async function openLog(): Promise<AuditLog> {
  return unwrap(await AuditLog.open({ control, clock, headFile, disk: realDisk }));
}

async function record(log: AuditLog, from: number, count: number): Promise<void> {
  const facts = Array.from({ length: count }, (_one, index) => ({
    principal: 'token:t',
    action: 'plan.apply',
    object: `plan_${from + index}`,
    outcome: 'done' as const,
    detail: '',
  }));
  for (const result of await Promise.all(facts.map((fact) => log.record(fact)))) unwrap(result);
}

/** Puts other entries in place of the stored ones, as somebody with the key could. */
async function rewrite(change: (entries: Json[]) => Json[]): Promise<void> {
  const entries = unwrap(await control.read(STREAM)).map(({ entry }) => entry);
  unwrap(await control.drop(STREAM));
  unwrap(await control.append(STREAM, 0, change(entries)));
}

async function problem(): Promise<string | undefined> {
  return unwrap(await (await openLog()).verify()).problem;
}

test('the chain goes on over restarts and verifies, with entries in their order', async () => {
  await record(await openLog(), 0, 3);
  const log = await openLog();
  await record(log, 3, 2);
  const verdict = unwrap(await log.verify());
  assert.equal(verdict.ok, true);
  assert.equal(verdict.entries, 5);
  const objects = unwrap(await log.list(1, 3)).map(({ object }) => object);
  assert.deepEqual(objects, ['plan_1', 'plan_2', 'plan_3']);
  assert.equal((await fs.readFile(headFile, 'utf8')).includes(verdict.head), true);
});

test('a log of many thousand entries is one chain over several streams', async () => {
  const log = await openLog();
  for (let round = 0; round < 11; round += 1) await record(log, round * 500, 500);
  const again = await openLog();
  await record(again, 5500, 1);
  assert.deepEqual(unwrap(await control.streams('audit/')), [STREAM, 'audit/00000001']);
  assert.equal(unwrap(await again.verify()).entries, 5501);
  const [last] = unwrap(await again.list(5500, 10));
  assert.equal(last?.object, 'plan_5500');
  const across = unwrap(await again.list(4999, 2)).map(({ sequence }) => sequence);
  assert.deepEqual(across, [5000, 5001]);
});

test('an altered, a removed and an inserted entry are each noticed', async () => {
  await record(await openLog(), 0, 4);
  const original = unwrap(await control.read(STREAM)).map(({ entry }) => entry);
  await rewrite((entries) =>
    entries.map((entry, index) => (index === 1 ? { ...Object(entry), object: 'other' } : entry)),
  );
  assert.match((await problem()) ?? '', /entry 3 does not follow/);
  await rewrite(() => original.filter((_entry, index) => index !== 1));
  assert.match((await problem()) ?? '', /entry 2 is missing/);
  await rewrite(() => [...original.slice(0, 2), ...original.slice(1)]);
  assert.match((await problem()) ?? '', /entry 3 is missing/);
  await rewrite(() => [...original.slice(0, 3), { something: 'else' }]);
  assert.match((await problem()) ?? '', /has another form/);
  await rewrite(() => original);
  assert.equal(await problem(), undefined);
});

test('a log whose end was cut off, or whose last entry was forged, is noticed', async () => {
  await record(await openLog(), 0, 4);
  await rewrite((entries) => entries.slice(0, 2));
  assert.match((await problem()) ?? '', /knows entry 4, but the log ends with 2/);
  await rewrite((entries) => [...entries.slice(0, 1), { ...Object(entries[1]), object: 'forged' }]);
  assert.match((await problem()) ?? '', /knows entry 4/);
  unwrap(await control.drop(STREAM));
  assert.match((await problem()) ?? '', /knows entry 4, but the log ends with 0/);
});

test('a crash between the entry and the head file is no alarm', async () => {
  const log = await openLog();
  await record(log, 0, 2);
  const head = await fs.readFile(headFile);
  await record(log, 2, 1);
  await fs.writeFile(headFile, head);
  assert.equal(await problem(), undefined);
  await fs.rm(headFile);
  assert.match((await problem()) ?? '', /is missing/);
});

test('what the offline command added meanwhile stays, and the chain goes on after it', async () => {
  const daemon = await openLog();
  await record(daemon, 0, 1);
  await record(await openLog(), 1, 2);
  await record(daemon, 3, 1);
  const verdict = unwrap(await daemon.verify());
  assert.equal(verdict.ok, true, verdict.problem);
  assert.equal(verdict.entries, 4);
});
