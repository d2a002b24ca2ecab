import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { silentLog } from '../../base/log.ts';
import { identityOf, isAlive, type ProcessIdentity } from '../process-table.ts';
import { PLAN_VALID_MS } from '../../model/run/plan-time.ts';
import { Spare } from './spare.ts';

/** Processes in waiting, and what is to happen once plans are not valid any more. */
function begin(t: TestContext, isListening = true) {
  const started: ProcessIdentity[] = [];
  const ended: Promise<unknown>[] = [];
  const due: (() => void)[] = [];
  const spare = new Spare(
    () => {
      const child = spawn('sleep', ['600'], { stdio: 'ignore' });
      t.after(() => child.kill('SIGKILL'));
      ended.push(once(child, 'exit'));
      const process = identityOf(child.pid ?? 0);
      started.push(process);
      return { process, give: () => isListening };
    },
    {
      after(ms, call) {
        assert.equal(ms, PLAN_VALID_MS);
        due.push(call);
        return () => void due.splice(due.indexOf(call), 1);
      },
    },
    silentLog,
  );
  return { spare, started, ended, due };
}

test('whoever waits does so for as long as the newest plan is valid', async (t) => {
  const { spare, started, ended, due } = begin(t);
  spare.keep();
  spare.keep();
  assert.equal(started.length, 1);
  assert.equal(due.length, 1, 'the end of the older plan ends nobody');
  due[0]?.();
  await Promise.all(ended);
  assert.equal(spare.take('run_1'), undefined);
});

test('who is given a run is left alone from then on, and is given no other', (t) => {
  const { spare, started, due } = begin(t);
  spare.keep();
  assert.equal(spare.take('run_1'), started[0]);
  assert.equal(spare.take('run_2'), undefined);
  spare.end();
  assert.equal(due.length, 0);
  assert.equal(started.every(isAlive), true);
});

test('who cannot be told of a run is ended, and given to no run', async (t) => {
  const { spare, ended } = begin(t, false);
  spare.keep();
  assert.equal(spare.take('run_1'), undefined);
  assert.equal((await Promise.all(ended)).length, 1);
});
