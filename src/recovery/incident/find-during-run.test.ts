import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signal } from '../../model/incident/signal.ts';
import type { RunTouch, RunTouches } from '../../model/run/run-touches.ts';
import { findDuringRun } from './find-during-run.ts';

const at = (second: number): string =>
  new Date(Date.UTC(2026, 10, 20, 14, 0, second)).toISOString();

const signal = (component: string, second: number): Signal => ({
  id: 'sig_1',
  phase: 'raised',
  trigger: 'errors',
  component,
  at: at(second + 5),
  firstBadAt: at(second),
  value: 3,
  limit: 2,
  reason: 'too many errors',
  actions: ['incident'],
});

const touch = (step: string, component: string, second: number): RunTouch => ({
  direction: 'forward',
  step,
  state: `${component}/files`,
  component,
  paths: ['/etc/a.conf', '/etc/b.conf', '/etc/c.conf'],
  at: at(second),
});

const run: RunTouches = { run: 'run_1', touches: [touch('1', 'db', 10), touch('2', 'cache', 20)] };
const links = [
  { from: 'till', to: 'shop' },
  { from: 'shop', to: 'db' },
];

test('trouble where a run has changed something names run, step and what it did', () => {
  const found = findDuringRun(signal('cache', 24), [run], links);
  assert.deepEqual(found, {
    run: 'run_1',
    trigger: 'errors',
    component: 'cache',
    firstBadAt: at(24),
    step: '2',
    changed: 'cache/files',
    afterMs: 4_000,
    text:
      'errors on cache began 4 s after step 2 of run run_1, ' +
      'which changed /etc/a.conf, /etc/b.conf and 1 more of cache/files',
  });
});

test('whoever stands on what a run changed is downstream of it, nobody else is', () => {
  assert.equal(findDuringRun(signal('shop', 24), [run], links)?.step, '1');
  assert.equal(findDuringRun(signal('till', 24), [run], links)?.changed, 'db/files');
  assert.equal(findDuringRun(signal('mail', 24), [run], links), undefined);
  const upstream = { ...run, touches: [touch('1', 'till', 10)] };
  assert.equal(findDuringRun(signal('db', 24), [upstream], links), undefined);
});

test('what began before the first change, or after the run had ended, is not told of it', () => {
  assert.equal(findDuringRun(signal('db', 9), [run], links), undefined);
  const ended = { ...run, until: at(30) };
  assert.equal(findDuringRun(signal('db', 29), [ended], links)?.run, 'run_1');
  assert.equal(findDuringRun(signal('db', 31), [ended], links), undefined);
  const cleared = { ...signal('db', 24), phase: 'cleared' } as const;
  assert.equal(findDuringRun(cleared, [run], links), undefined);
});

test('of two runs the one whose step came later is named, and the way back says so', () => {
  const back: RunTouch = { ...touch('1', 'db', 22), direction: 'undo', paths: [] };
  const other = { run: 'run_2', touches: [touch('1', 'db', 12), back] };
  const found = findDuringRun(signal('db', 24), [run, other], links);
  assert.equal(found?.text, 'errors on db began 2 s after run run_2 began to take db/files back');
  assert.equal(found?.step, undefined);
});
