import assert from 'node:assert/strict';
import { unwrap } from '../base/result.ts';
import type { ObservedState } from '../ports/provider-client.ts';
import type { ProviderProofs } from './provider-proofs.ts';
import type { ApplyOrder } from './provider-subject.ts';
import type { ProviderTrial } from './provider-trial.ts';

/** Longer than any of these takes. */
const LONG_SECONDS = 300;

/** Time for one change on a busy machine, and not long to wait for. */
const SHORT_SECONDS = 2;

const RUN = 'run-1';

/** A change from `two` to `one` that is there and waits for its confirmation. */
interface Unconfirmed {
  readonly one: ObservedState;
  readonly two: ObservedState;
  readonly order: ApplyOrder;
}

/** Tries the own timer of a target, where the provider says that there is one. */
export function proveTimer(proofs: ProviderProofs, now: () => ProviderTrial): void {
  proofs.prove(
    'confirm: unconfirmed, a change is taken back though all of ours is gone',
    async () => {
      const trial = now();
      const made = await unconfirmed(trial, SHORT_SECONDS);
      if (made === undefined) return false;
      const { state, wentBack } = trial.subject;
      await trial.host.stop();
      await wentBack();
      trial.host = await trial.subject.host();
      const { client } = trial.host;
      assert.deepEqual(unwrap(await client.pending(state)), []);
      const by = { run: RUN, runToken: made.order.runToken };
      assert.equal(unwrap(await client.confirm(state, by)), 'already-reverted');
      assert.equal((await trial.observe()).fingerprint, made.two.fingerprint);
      return true;
    },
  );

  proofs.prove('confirm: confirmed, a change stays, also after a restart of ours', async () => {
    const trial = now();
    const made = await unconfirmed(trial, LONG_SECONDS);
    if (made === undefined) return false;
    await trial.restart();
    const { state } = trial.subject;
    const { client } = trial.host;
    const [timer] = unwrap(await client.pending(state));
    assert.equal(timer?.run, RUN);
    assert.ok((timer?.seconds ?? 0) <= LONG_SECONDS, 'the change did not move the deadline');
    const by = { run: RUN, runToken: made.order.runToken };
    assert.equal(unwrap(await client.confirm(state, by)), 'confirmed');
    assert.equal(unwrap(await client.confirm(state, by)), 'confirmed');
    assert.deepEqual(unwrap(await client.pending(state)), []);
    assert.equal((await trial.observe()).fingerprint, made.one.fingerprint);
    return true;
  });

  proofs.prove('confirm: canceled by its own run alone, and then all is back', async () => {
    const trial = now();
    const made = await unconfirmed(trial, LONG_SECONDS);
    if (made === undefined) return false;
    const { state } = trial.subject;
    const { client } = trial.host;
    const { runToken } = made.order;
    unwrap(await client.cancel(state, { run: 'run-2', runToken }));
    const [timer] = unwrap(await client.pending(state));
    assert.equal(timer?.run, RUN);
    unwrap(await client.cancel(state, { run: RUN, runToken }));
    unwrap(await client.cancel(state, { run: RUN, runToken }));
    assert.deepEqual(unwrap(await client.pending(state)), []);
    assert.equal((await trial.observe()).fingerprint, made.two.fingerprint);
    return true;
  });
}

/** Undefined: the target has no timer. */
async function unconfirmed(
  trial: ProviderTrial,
  seconds: number,
): Promise<Unconfirmed | undefined> {
  if ((await trial.capabilities()).confirm !== 'native') return undefined;
  const { one, two } = await trial.bothForms();
  const order = await trial.order(two, one);
  const { client } = trial.host;
  const { state } = trial.subject;
  const armed = { run: RUN, runToken: order.runToken, seconds };
  unwrap(await client.arm(state, { ...armed, desired: two.image, wanted: one.image }));
  assert.equal((await trial.observe()).fingerprint, two.fingerprint, 'arming changes nothing');
  assert.deepEqual(unwrap(await client.apply(state, { ...order, run: RUN })), { kind: 'done' });
  if (seconds === LONG_SECONDS) {
    assert.equal((await trial.observe()).fingerprint, one.fingerprint);
  }
  return { one, two, order };
}
