import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { unwrap } from '../base/result.ts';
import type { StateImage } from '../model/checkpoint/capture.ts';
import type { StateSpec } from '../model/component/component.ts';
import { loadImage } from '../model/checkpoint/image-blob.ts';
import type { ObservedState } from '../ports/provider-client.ts';
import type { Provider } from '../ports/provider.ts';
import type { HostAtWork } from './provider-subject.ts';

/** What an adapter that only compares brings to be tested. */
export interface ComparedSubject {
  readonly provider: Provider<unknown>;
  readonly state: StateSpec;
  /** A text in the target's secret content; nothing told or stored may hold it. */
  readonly secret: string;
  /** Part of the path of an item that differs between the two forms. */
  readonly differing: string;
  /** Starts a host; one at a time. */
  host(): Promise<HostAtWork>;
  /** Gives the target one of its forms, by hand, as somebody else would. */
  shape(form: 'one' | 'two'): Promise<void>;
  remove(): Promise<void>;
}

/** Holds a provider that only compares to its port: it sees everything and writes nothing. */
export function testComparedProvider(name: string, make: () => Promise<ComparedSubject>): void {
  describe(`compare-only provider ${name}`, () => {
    let subject: ComparedSubject;
    let host: HostAtWork;

    beforeEach(async () => {
      subject = await make();
      host = await subject.host();
    });
    afterEach(async () => {
      await host.stop();
      await subject.remove();
    });

    const capture = async (): Promise<ObservedState> =>
      unwrap(await host.client.capture(subject.state));
    const image = async (state: ObservedState): Promise<StateImage> =>
      unwrap(await loadImage(state.image, (hash) => host.vault.get(hash)));
    const bothForms = async (): Promise<{ one: ObservedState; two: ObservedState }> => {
      await subject.shape('one');
      const one = await capture();
      await subject.shape('two');
      const two = await capture();
      unwrap(await host.vault.flush());
      return { one, two };
    };

    test('says that it restores nothing, and that this is meant so', async () => {
      const { restorable, notRestorableBecause, comparesOnly } = unwrap(
        await host.client.capabilities(subject.state),
      );
      assert.equal(restorable, false);
      assert.equal(comparesOnly, true);
      assert.match(notRestorableBecause ?? '', /\w/);
    });

    test('sees the same in what did not change, however it looks', async () => {
      await subject.shape('one');
      const first = unwrap(await host.client.observe(subject.state));
      assert.equal((await capture()).fingerprint, first.fingerprint);
      await host.stop();
      host = await subject.host();
      const again = unwrap(await host.client.observe(subject.state));
      assert.equal(again.fingerprint, first.fingerprint);
    });

    test('tells what changed, in both directions, and nothing between equal states', async () => {
      const { one, two } = await bothForms();
      const [from, to] = [await image(one), await image(two)];
      const { provider, state, differing } = subject;
      const there = provider.diff(state, from, to);
      assert.ok(there.some(({ path }) => path.includes(differing)));
      assert.ok(provider.diff(state, to, from).some(({ path }) => path.includes(differing)));
      assert.deepEqual(provider.diff(state, to, to), []);
      assert.deepEqual(provider.diff(state, from, to), there);
    });

    test('never shows a secret in a state, a difference or a check', async () => {
      const { one, two } = await bothForms();
      const [from, to] = [await image(one), await image(two)];
      const changes = subject.provider.diff(subject.state, from, to);
      assert.ok(changes.some((change) => change.secret));
      const said = JSON.stringify([from, to, changes, one, two]);
      assert.equal(said.includes(subject.secret), false);
    });

    test('stores every content that an item names', async () => {
      const { one } = await bothForms();
      for (const { content } of (await image(one)).items) {
        for (const hash of content ?? []) unwrap(await host.vault.get(hash));
      }
    });

    test('plans nothing, refuses to write, says why, and changes nothing', async () => {
      const { one, two } = await bothForms();
      const { provider, state } = subject;
      const parsed = await provider.specSchema['~standard'].validate(state.spec);
      const spec = 'value' in parsed ? parsed.value : undefined;
      assert.deepEqual(provider.plan(spec, await image(two), await image(one)), []);
      assert.notDeepEqual(unwrap(await host.client.validate(state, one.image)), []);
      const order = { desired: one.image, paths: [], expects: two.fingerprint, runToken: 1 };
      const applied = unwrap(await host.client.apply(state, order));
      assert.equal(applied.kind, 'failed-clean');
      const after = unwrap(await host.client.observe(state));
      assert.equal(after.fingerprint, two.fingerprint);
    });
  });
}
