import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { LastgoodError } from '../base/error.ts';
import type { Notice, Notifier } from '../ports/notifier.ts';

/** How the receiver behaves. */
export type ReceiverMood = 'accepting' | 'busy' | 'refusing' | 'silent' | 'gone';

/** What an adapter brings to be tested: itself and a real receiver. */
export interface NotifierSubject {
  readonly notifier: Notifier;
  /** Words that must stand in no error: tokens, secret paths. */
  readonly secrets: readonly string[];
  become(mood: ReceiverMood): Promise<void>;
  /** Ids of the notices that the receiver took, in order. */
  taken(): readonly string[];
  remove(): Promise<void>;
}

const notice: Notice = {
  kind: 'incident',
  urgency: 'critical',
  title: 'checkout in trouble',
  text: 'checkout answers 34 of 60 requests with an error; ünïcode – 漢字\nsecond line',
  link: 'http://127.0.0.1:7433/incidents/inc_1',
  at: '2026-11-20T14:02:13.000000000Z',
  id: 'notice_1',
};

/** No test waits longer for a receiver that is silent. */
const IMPATIENT_MS = 200;

/** Holds a notifier to its port. `make` brings a fresh receiver for each test. */
export function testNotifier(name: string, make: () => Promise<NotifierSubject>): void {
  describe(`notifier ${name}`, () => {
    let subject: NotifierSubject;
    beforeEach(async () => {
      subject = await make();
    });
    afterEach(() => subject.remove());

    const tell = (one: Notice, signal = new AbortController().signal) =>
      subject.notifier.notify(one, signal);
    const failure = async (signal?: AbortSignal): Promise<LastgoodError> => {
      const told = await tell(notice, signal);
      assert.ok(!told.ok, 'the notice was not taken, so this must be a failure');
      for (const secret of subject.secrets) assert.ok(!told.error.message.includes(secret));
      return told.error;
    };

    test('notices arrive with their ids, in order', async () => {
      for (const id of ['a', 'b', 'c']) assert.ok((await tell({ ...notice, id })).ok);
      assert.deepEqual(subject.taken(), ['a', 'b', 'c']);
    });

    test('a receiver with trouble of its own may be asked again', async () => {
      await subject.become('busy');
      assert.equal((await failure()).entry.retryable, true);
      await subject.become('accepting');
      assert.ok((await tell(notice)).ok);
      assert.deepEqual(subject.taken(), ['notice_1']);
    });

    test('a receiver that refuses is not asked the same again', async () => {
      await subject.become('refusing');
      assert.equal((await failure()).entry.retryable, false);
    });

    test('a receiver that is gone may come back', async () => {
      await subject.become('gone');
      assert.equal((await failure()).entry.retryable, true);
    });

    test('a call ends when the caller gives up, however silent the receiver', async () => {
      await subject.become('silent');
      assert.equal((await failure(AbortSignal.timeout(IMPATIENT_MS))).entry.retryable, true);
    });
  });
}
