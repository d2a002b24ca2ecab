import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { sendLogs } from '../place/otlp.ts';
import { makePlace, type Place } from '../place/place.ts';

/** The bodies of everything stored, sorted. */
async function stored(place: Place): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (let cursor = ''; ;) {
    const page = await place.api(`timeline?limit=5000&order=oldest${cursor}`);
    if (page.status !== 200) throw new Error(JSON.stringify(page.body));
    bodies.push(...listAt(page.body, 'records').map((record) => textAt(record, 'body')));
    const next = at(page.body, 'nextCursor');
    if (typeof next !== 'string') return bodies.toSorted();
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

/** Sends numbered lines, batch after batch, until told to stop; keeps what was acknowledged. */
function keepSending(place: Place, mark: string) {
  const acknowledged: string[] = [];
  let isOver = false;
  const send = async (sender: number): Promise<void> => {
    for (let batch = 0; !isOver; batch += 1) {
      const lines = [0, 1, 2].map((line) => `${mark} ${sender} ${batch} ${line}`);
      if ((await sendLogs(place.otlpPort, lines)) === 200) acknowledged.push(...lines);
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const senders = Promise.all([send(0), send(1), send(2)]);
  return {
    acknowledged,
    stop: async () => {
      isOver = true;
      await senders;
      return acknowledged;
    },
    /** Waits for that many more acknowledged lines. */
    more: async (count: number) => {
      const goal = acknowledged.length + count;
      await until(
        `${count} more acknowledged lines`,
        async () => acknowledged.length,
        (now) => now >= goal,
      );
    },
  };
}

/** Acknowledged is stored, exactly once; what was not acknowledged may be there, once. */
function judge(acknowledged: readonly string[], found: readonly string[]): void {
  assert.equal(new Set(found).size, found.length, 'nothing is stored twice');
  const kept = new Set(found);
  assert.deepEqual(
    acknowledged.filter((line) => !kept.has(line)),
    [],
    'everything acknowledged is stored',
  );
}

test('acknowledged records survive kill -9 of either process, exactly once', async (t) => {
  const place = await makePlace(t, {
    config: () => 'sources: []\nstorage: { sealEvery: 2s }\n',
  });
  let daemon = await place.up();
  const all: string[] = [];

  await t.test('kill -9 of the daemon while records come', async () => {
    const sending = keepSending(place, 'daemon');
    await sending.more(150);
    await daemon.kill();
    all.push(...(await sending.stop()));
    daemon = await place.up();
    judge(all, await stored(place));
  });

  await t.test('kill -9 of the evidence process: health answers, it comes back', async () => {
    const sending = keepSending(place, 'evidence');
    await sending.more(150);
    const before = daemon.evidencePid();
    process.kill(before, 'SIGKILL');
    const health = await place.api('health');
    assert.equal(health.status, 200);
    const status = await place.api('status');
    assert.equal(status.status, 200);
    await until(
      'the evidence process again',
      async () => at((await place.api('status')).body, 'evidence', 'state'),
      (state) => state === 'up',
    );
    await sending.more(30);
    all.push(...(await sending.stop()));
    assert.notEqual(daemon.evidencePid(), before);
    judge(all, await stored(place));
    const restarts = at((await place.api('status')).body, 'evidence', 'restarts');
    assert.equal(restarts, 1);
  });

  await t.test('a backup made meanwhile brings everything acknowledged before it', async () => {
    const sending = keepSending(place, 'backup');
    await sending.more(60);
    const before = [...all, ...sending.acknowledged];
    const made = await place.run(['backup', 'create', place.path('backup'), '--json']);
    assert.equal(made.code, 0, made.err);
    await sending.more(30);
    await daemon.kill();
    await sending.stop();
    await until(
      'the end of the evidence process',
      () => place.run(['backup', 'verify', place.path('backup')]),
      ({ code }) => code === 0,
    );
    const restored = await place.run(['backup', 'restore', place.path('backup')]);
    assert.equal(restored.code, 2, 'a data directory that is there is never overwritten');
    await place.moveData('gone');
    const again = await place.run(['backup', 'restore', place.path('backup')]);
    assert.equal(again.code, 0, again.err);
    daemon = await place.up();
    judge(before, await stored(place));
    assert.equal((await daemon.stop()).code, 0);
  });

  await t.test('a backup of a resting directory is the same, an altered one is found', async () => {
    const made = await place.run(['backup', 'create', place.path('resting'), '--json']);
    assert.equal(made.code, 0, made.err);
    assert.equal(textAt(made.json[0], 'keyFile'), place.path('resting.key'));
    const path = 'resting/control.db';
    await place.write(path, (await place.read(path)).slice(1));
    const verified = await place.run(['backup', 'verify', place.path('resting')]);
    assert.equal(verified.code, 1);
    assert.match(verified.err, /^error LG_RUNTIME_BACKUP_DAMAGED: /m);
  });
});
