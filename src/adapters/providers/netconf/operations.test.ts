import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '../../../base/result.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { netconfSpec } from './netconf-spec.ts';
import { withCandidate } from './operations.ts';
import type { Session } from './session.ts';

test('who waits for the lock of a device can be stopped at once', async () => {
  const stopping = new AbortController();
  const clock = new ManualClock();
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  const session: Session = {
    hello: { capabilities: new Set(), modules: new Map(), isYuma: false },
    async try() {
      isAsked();
      return ok({ kind: 'refused', error: { tag: 'lock-denied', words: 'lock-denied' } });
    },
    ask: async () => assert.fail('nothing is read of what is not locked'),
  };
  const io = {
    clock,
    signal: stopping.signal,
    converse: async () => assert.fail('the session is open'),
  };
  const spec = netconfSpec.parse({ command: ['r1'] });
  const work = async () => assert.fail('it is not locked');
  const locking = withCandidate(spec, session, io, work);
  await asked;
  stopping.abort(new Error('nobody wants it any more'));
  await assert.rejects(locking, /nobody wants it any more/);
});
