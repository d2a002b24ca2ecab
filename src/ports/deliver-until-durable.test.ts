import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { silentLog } from '../base/log.ts';
import { err, ok } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { RecordBatchBuilder } from '../model/record/record-batch.ts';
import type { Reject } from '../model/record/timeline-record.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { deliverUntilDurable } from './deliver-until-durable.ts';
import type { SourceContext } from './source.ts';

type Deliver = SourceContext['deliver'];

const full = err(lgError('LG_STORE_DISK_FULL', 'the disk of the test'));

/** One delivery of a batch of two records to a store that answers as `deliver` does. */
function begin(deliver: Deliver) {
  const clock = new ManualClock();
  const stopping = new AbortController();
  const problems: (string | undefined)[] = [];
  const rejects: Reject[] = [];
  const builder = new RecordBatchBuilder();
  for (const body of ['first', 'second']) {
    builder.add({ kind: 'log', observedNs: 1n, source: 'logs', body });
  }
  const outcome = deliverUntilDurable(
    { id: 'logs', clock, log: silentLog, deliver },
    {
      batch: builder.build(),
      origin: { sender: 'logs' },
      signal: stopping.signal,
      onProblem: (problem) => problems.push(problem),
      reject: (reject) => rejects.push(reject),
    },
  );
  return { clock, stopping, problems, rejects, outcome };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('deliver until durable', () => {
  test('it waits 250 ms after a refusal, then twice as long, and never over 10 s', async () => {
    let attempts = 0;
    const { clock, outcome, problems, rejects } = begin(() => {
      attempts += 1;
      return Promise.resolve(attempts < 10 ? full : ok({ stored: 2, repeated: 0 }));
    });
    for (const ms of [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]) {
      await turn();
      const before = attempts;
      clock.advance(ms - 1);
      await turn();
      assert.equal(attempts, before);
      clock.advance(1);
      await turn();
      assert.equal(attempts, before + 1);
    }
    assert.equal(await outcome, 'durable');
    assert.match(problems[0] ?? '', /LG_STORE_DISK_FULL/);
    assert.equal(problems.at(-1), undefined);
    assert.deepEqual(rejects, []);
  });

  test('what is refused for good is a reject at once', async () => {
    const invalid = err(lgError('LG_STORE_BATCH_INVALID', 'too large'));
    const { outcome, rejects, problems } = begin(() => Promise.resolve(invalid));
    assert.equal(await outcome, 'refused');
    assert.equal(rejects.length, 1);
    assert.match(rejects[0]?.reason ?? '', /refused 2 records for good: LG_STORE_BATCH_INVALID/);
    assert.equal(rejects[0]?.input, 'first');
    assert.match(problems.at(-1) ?? '', /LG_STORE_BATCH_INVALID/);
  });

  test('a fault of ours in delivering is a reject and not the end of the source', async () => {
    const { outcome, rejects } = begin(() => Promise.reject(new Error('no such column')));
    assert.equal(await outcome, 'refused');
    assert.match(rejects[0]?.reason ?? '', /LG_RUNTIME_BUG: delivering of logs: no such column/);
  });

  test('the signal ends a wait, and nothing is a reject then', async () => {
    const { outcome, stopping, rejects } = begin(() => Promise.resolve(full));
    await turn();
    stopping.abort();
    assert.equal(await outcome, 'stopped');
    assert.deepEqual(rejects, []);
  });
});
