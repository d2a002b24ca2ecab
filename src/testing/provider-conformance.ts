import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe } from 'node:test';
import { unwrap } from '../base/result.ts';
import { stateImage } from '../model/checkpoint/capture.ts';
import { proveClaims } from './provider-claims.ts';
import { ProviderProofs } from './provider-proofs.ts';
import type { ProviderSubject } from './provider-subject.ts';
import { proveTimer } from './provider-timer.ts';
import { ProviderTrial } from './provider-trial.ts';

/** Deadline of calls to a target that never answers. */
const STUCK_MS = 400;

/**
 * Holds a provider to its port and to its own claims. `make` brings a fresh subject each time;
 * `results` is the folder in which the account of an earlier run lies, see `ProviderProofs`.
 */
export function testProvider(
  name: string,
  make: () => Promise<ProviderSubject>,
  results?: string,
): void {
  describe(`provider ${name}`, () => {
    let trial: ProviderTrial;
    const proofs = new ProviderProofs(name, results);
    beforeEach(async () => {
      trial = await ProviderTrial.begin(make);
    });
    afterEach(() => trial.end());
    proveRestoring(proofs, () => trial);
    proveCaution(proofs, () => trial);
    proveClaims(proofs, () => trial);
    proveTimer(proofs, () => trial);
  });
}

/** It brings back what was captured, and tells the truth about it. */
function proveRestoring(proofs: ProviderProofs, now: () => ProviderTrial): void {
  proofs.prove('brings a changed state back to what was captured, and back again', async () => {
    const trial = now();
    const capabilities = await trial.capabilities();
    assert.equal(capabilities.restorable, true, capabilities.notRestorableBecause);
    proofs.note(trial.subject.provider.kind, capabilities);
    const { one, two } = await trial.bothForms();
    assert.notEqual(one.fingerprint, two.fingerprint);
    assert.deepEqual(await trial.apply(await trial.order(two, one)), { kind: 'done' });
    assert.equal((await trial.observe()).fingerprint, one.fingerprint);
    assert.deepEqual(await trial.apply(await trial.order(one, two)), { kind: 'done' });
    assert.equal((await trial.observe()).fingerprint, two.fingerprint);
  });

  proofs.prove('sees the same in what did not change, however it looks', async () => {
    const trial = now();
    await trial.subject.shape('one');
    const first = await trial.observe();
    assert.equal((await trial.capture()).fingerprint, first.fingerprint);
    await trial.restart();
    assert.equal((await trial.observe()).fingerprint, first.fingerprint);
  });

  proofs.prove('notices what somebody else changed', async () => {
    const trial = now();
    const { two } = await trial.bothForms();
    await trial.subject.shape('foreign');
    assert.notEqual((await trial.observe()).fingerprint, two.fingerprint);
  });

  proofs.prove('plans nothing between equal states and predicts the outcome', async () => {
    const trial = now();
    const { one, two } = await trial.bothForms();
    const [from, to] = [await trial.image(two), await trial.image(one)];
    const { provider, state } = trial.subject;
    const spec = await trial.spec();
    assert.deepEqual(provider.plan(spec, to, to), []);
    assert.deepEqual(provider.diff(state, to, to), []);
    assert.deepEqual(provider.plan(spec, from, to), provider.plan(spec, from, to));
    const moved = new Set((await trial.order(two, one)).paths);
    const predicted = stateImage([
      ...from.items.filter(({ path }) => !moved.has(path)),
      ...to.items.filter(({ path }) => moved.has(path)),
    ]);
    assert.deepEqual(predicted, to);
  });

  proofs.prove('never shows a secret in a difference, a plan or a check', async () => {
    const trial = now();
    const { one, two } = await trial.bothForms();
    const [from, to] = [await trial.image(two), await trial.image(one)];
    const { provider, state, secret } = trial.subject;
    const changes = provider.diff(state, from, to);
    assert.ok(changes.some((change) => change.secret));
    const spec = await trial.spec();
    const plans = [provider.plan(spec, from, to), provider.plan(spec, to, from)];
    const checked = await trial.host.client.validate(state, one.image);
    const said = JSON.stringify([changes, plans, checked, one, two]);
    assert.equal(said.includes(secret), false);
  });

  proofs.prove('finds nothing against what was just captured', async () => {
    const trial = now();
    const { one } = await trial.bothForms();
    const { client } = trial.host;
    assert.deepEqual(unwrap(await client.validate(trial.subject.state, one.image)), []);
  });
}

/** It overwrites nobody, is overtaken by nobody, and comes to an end. */
function proveCaution(proofs: ProviderProofs, now: () => ProviderTrial): void {
  proofs.prove('never overwrites what somebody else changes while it prepares', async () => {
    const trial = now();
    const { subject } = trial;
    const refusals: string[] = [];
    let contents = 0;
    for (let fetch = 1; ; fetch += 1) {
      const { one, two } = await trial.bothForms();
      contents = (await trial.image(one)).items.filter(({ content }) => content?.length).length;
      const there = await trial.order(two, one);
      await trial.host.stop();
      let fetches = 0;
      trial.host = await subject.hostWith(async () => {
        fetches += 1;
        if (fetches === fetch) await subject.meddle();
      });
      const disturbed = await subject.disturbances();
      const ended = await trial.host.client.apply(subject.state, there);
      if (fetches < fetch) {
        assert.deepEqual(unwrap(ended), { kind: 'done' });
        break;
      }
      const left = await trial.observe();
      await subject.shape('two');
      await subject.meddle();
      assert.equal(left.fingerprint, (await trial.observe()).fingerprint, `content ${fetch}`);
      assert.equal(await subject.disturbances(), disturbed);
      refusals.push(ended.ok ? ended.value.kind : ended.error.code);
      await trial.restart();
    }
    // At least the image itself, before the last look; and where there is content, after it.
    assert.ok(refusals.length >= (contents === 0 ? 1 : 2), String(refusals));
    assert.deepEqual(new Set(refusals), new Set(['LG_PROVIDER_FOREIGN_CHANGE']));
  });

  proofs.prove('refuses a writer that was overtaken, and changes nothing', async () => {
    const trial = now();
    const { client } = trial.host;
    const { state } = trial.subject;
    const { one, two } = await trial.bothForms();
    const late = await trial.order(two, one);
    const newer = { ...late, runToken: trial.token() };
    await trial.apply({ ...newer, desired: two.image });
    const refused = await client.apply(state, late);
    assert.equal(refused.ok ? '' : refused.error.code, 'LG_PROVIDER_TOKEN_STALE');
    assert.equal((await trial.observe()).fingerprint, two.fingerprint);
    await trial.restart();
    const again = await trial.host.client.apply(state, late);
    assert.equal(again.ok ? '' : again.error.code, 'LG_PROVIDER_TOKEN_STALE');
  });

  proofs.prove('on a full disk ends as it says, and succeeds once there is room', async () => {
    const trial = now();
    if (!trial.subject.needsDisk) return false;
    const { one, two } = await trial.bothForms();
    const order = await trial.order(two, one);
    const { ended } = await trial.applyInChild(order, { kind: 'full-disk' });
    assert.ok(ended.kind !== 'killed' && ended.kind !== 'done', JSON.stringify(ended));
    const left = await trial.observe();
    if (ended.kind === 'failed-clean') assert.equal(left.fingerprint, two.fingerprint);
    await trial.driveTo(one);
    return true;
  });

  proofs.prove(
    'answers by its deadline when the target hangs, leaving nothing behind',
    async () => {
      const trial = now();
      const { subject } = trial;
      if (subject.stuck === undefined) return false;
      const { one, two } = await trial.bothForms();
      const { paths, expects } = await trial.order(two, one);
      await trial.host.stop();
      trial.host = await subject.host(STUCK_MS);
      const { client } = trial.host;
      const { state, method } = subject.stuck;
      await subject.stuck.hang?.();
      const order = { desired: one.image, paths, expects, runToken: trial.token() };
      const ended = await (method === 'observe'
        ? client.observe(state)
        : client.apply(state, order));
      const code = ended.ok ? '' : ended.error.code;
      const isUnknown = ended.ok && 'kind' in ended.value && ended.value.kind === 'unknown';
      assert.ok(isUnknown || code === 'LG_PROVIDER_TIMEOUT', `ended ${JSON.stringify(ended)}`);
      await trial.host.stop();
      assert.equal(await subject.leftRunning(), 0);
      trial.host = await subject.host();
      return true;
    },
  );
}
