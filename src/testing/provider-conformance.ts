import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { unwrap } from '../base/result.ts';
import {
  isHalfWay,
  isOwedRestart,
  stateImage,
  type BlobHash,
  type StateImage,
  type StateItem,
} from '../model/checkpoint/capture.ts';
import type { StateSpec } from '../model/component/component.ts';
import { loadImage } from '../model/checkpoint/image-blob.ts';
import type { Applied, ObservedState, Provider, ProviderClient } from '../ports/provider.ts';
import type { Vault } from '../ports/vault.ts';

/** A host runner at work over the subject's own data. */
export interface HostAtWork {
  readonly client: ProviderClient;
  readonly vault: Pick<Vault, 'get' | 'flush'>;
  stop(): Promise<void>;
}

/** What one apply is asked to do. */
export interface ApplyOrder {
  readonly desired: BlobHash;
  readonly paths: readonly string[];
  readonly expects: string;
  readonly runToken: number;
}

/** What happens to the process of an apply. */
export type Mishap =
  | { readonly kind: 'kill'; readonly afterOperation: number }
  | { readonly kind: 'full-disk' };

/** What an adapter brings to be tested: a target with two forms, and hosts that reach it. */
export interface ProviderSubject {
  readonly provider: Provider<unknown>;
  readonly state: StateSpec;
  /** A state of the same provider whose target never answers the method. */
  readonly stuck: { readonly state: StateSpec; readonly method: 'observe' | 'apply' };
  /** A text in the target's secret content; no diff may show it. */
  readonly secret: string;
  /** Starts a host; one at a time. `deadlineMs` shortens every call. */
  host(deadlineMs?: number): Promise<HostAtWork>;
  /** Starts a host in which somebody else acts before each content is handed to an apply. */
  hostWith(meanwhile: () => Promise<void>): Promise<HostAtWork>;
  /** Changes a little of what an apply would change, as a colleague by hand would. */
  meddle(): Promise<void>;
  /** Gives the target one of its forms, by hand, as somebody else would. */
  shape(form: 'one' | 'two' | 'foreign'): Promise<void>;
  /** How often whoever uses the state was disturbed: restarts, reloads. */
  disturbances(): Promise<number>;
  /**
   * Applies in a process of its own while no other host works. Answers how the apply ended, or
   * `killed`. The disk is full in the sense that the content of form `one` does not fit.
   */
  applyInChild(order: ApplyOrder, mishap: Mishap): Promise<Applied | 'killed'>;
  /** Commands that the stuck target started and that are still running. */
  leftRunning(): Promise<number>;
  remove(): Promise<void>;
}

/** More changing operations than any small apply makes; a kill after that many never comes. */
const OPERATIONS_MAX = 500;

/** Deadline of calls to a target that never answers. */
const STUCK_MS = 400;

/** Holds a provider to its port and to its own claims. `make` brings a fresh subject each time. */
export function testProvider(name: string, make: () => Promise<ProviderSubject>): void {
  describe(`provider ${name}`, () => {
    let subject: ProviderSubject;
    let host: HostAtWork;
    let token = 0;

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
    const observe = async (): Promise<ObservedState> =>
      unwrap(await host.client.observe(subject.state));
    const image = async (state: ObservedState): Promise<StateImage> =>
      unwrap(await loadImage(state.image, (hash) => host.vault.get(hash)));
    const order = async (now: ObservedState, to: ObservedState): Promise<ApplyOrder> => {
      const { provider, state } = subject;
      const steps = provider.plan(await specOf(subject), await image(now), await image(to));
      assert.equal(steps.length, 1, `${state.id} is changed in one step`);
      token += 1;
      const paths = steps[0]?.paths ?? [];
      return { desired: to.image, paths, expects: now.fingerprint, runToken: token };
    };
    const apply = async (what: ApplyOrder): Promise<Applied> =>
      unwrap(await host.client.apply(subject.state, what));
    const bothForms = async (): Promise<{ one: ObservedState; two: ObservedState }> => {
      await subject.shape('one');
      const one = await capture();
      await subject.shape('two');
      const two = await capture();
      unwrap(await host.vault.flush());
      return { one, two };
    };
    const restart = async (): Promise<void> => {
      await host.stop();
      host = await subject.host();
    };

    test('brings a changed state back to exactly what was captured, and back again', async () => {
      const { one, two } = await bothForms();
      assert.notEqual(one.fingerprint, two.fingerprint);
      assert.deepEqual(await apply(await order(two, one)), { kind: 'done' });
      assert.equal((await observe()).fingerprint, one.fingerprint);
      assert.deepEqual(await apply(await order(one, two)), { kind: 'done' });
      assert.equal((await observe()).fingerprint, two.fingerprint);
    });

    test('sees the same in what did not change, however it looks', async () => {
      await subject.shape('one');
      const first = await observe();
      assert.equal((await capture()).fingerprint, first.fingerprint);
      await restart();
      assert.equal((await observe()).fingerprint, first.fingerprint);
    });

    test('applying twice is applying once', async () => {
      const { one, two } = await bothForms();
      const there = await order(two, one);
      await apply(there);
      const disturbed = await subject.disturbances();
      assert.deepEqual(await apply(there), { kind: 'done' });
      assert.equal((await observe()).fingerprint, one.fingerprint);
      assert.equal(await subject.disturbances(), disturbed);
    });

    test('notices what somebody else changed', async () => {
      const { two } = await bothForms();
      await subject.shape('foreign');
      assert.notEqual((await observe()).fingerprint, two.fingerprint);
    });

    test('never overwrites what somebody else changes while it prepares an apply', async () => {
      const refusals: string[] = [];
      for (let fetch = 1; ; fetch += 1) {
        const { one, two } = await bothForms();
        const there = await order(two, one);
        await host.stop();
        let fetches = 0;
        host = await subject.hostWith(async () => {
          fetches += 1;
          if (fetches === fetch) await subject.meddle();
        });
        const disturbed = await subject.disturbances();
        const ended = await host.client.apply(subject.state, there);
        if (fetches < fetch) {
          assert.deepEqual(unwrap(ended), { kind: 'done' });
          break;
        }
        const left = await observe();
        await subject.shape('two');
        await subject.meddle();
        assert.equal(left.fingerprint, (await observe()).fingerprint, `content ${fetch}`);
        assert.equal(await subject.disturbances(), disturbed);
        refusals.push(ended.ok ? ended.value.kind : ended.error.code);
        await restart();
      }
      // At least the image itself and one content: before the last look, and after it.
      assert.ok(refusals.length >= 2, String(refusals));
      assert.deepEqual(new Set(refusals), new Set(['LG_PROVIDER_FOREIGN_CHANGE']));
    });

    test('plans nothing between equal states and predicts the outcome otherwise', async () => {
      const { one, two } = await bothForms();
      const [from, to] = [await image(two), await image(one)];
      const { provider, state } = subject;
      const spec = await specOf(subject);
      assert.deepEqual(provider.plan(spec, to, to), []);
      assert.deepEqual(provider.diff(state, to, to), []);
      assert.deepEqual(provider.plan(spec, from, to), provider.plan(spec, from, to));
      const moved = new Set((await order(two, one)).paths);
      const predicted = stateImage([
        ...from.items.filter(({ path }) => !moved.has(path)),
        ...to.items.filter(({ path }) => moved.has(path)),
      ]);
      assert.deepEqual(predicted, to);
    });

    test('never shows a secret in a difference, a plan or a check', async () => {
      const { one, two } = await bothForms();
      const [from, to] = [await image(two), await image(one)];
      const { provider, state } = subject;
      const changes = provider.diff(state, from, to);
      assert.ok(changes.some((change) => change.secret));
      const plan = provider.plan(await specOf(subject), from, to);
      const checked = await host.client.validate(state, one.image);
      const said = JSON.stringify([changes, plan, checked, one, two]);
      assert.equal(said.includes(subject.secret), false);
    });

    test('finds nothing against what was just captured, and says what is missing', async () => {
      const { one } = await bothForms();
      assert.deepEqual(unwrap(await host.client.validate(subject.state, one.image)), []);
    });

    test('refuses a writer that was overtaken, and changes nothing', async () => {
      const { one, two } = await bothForms();
      const late = await order(two, one);
      const newer = await order(two, two).catch(() => ({ ...late, runToken: (token += 1) }));
      await apply({ ...newer, desired: two.image, paths: late.paths });
      const refused = await host.client.apply(subject.state, late);
      assert.equal(refused.ok ? '' : refused.error.code, 'LG_PROVIDER_TOKEN_STALE');
      assert.equal((await observe()).fingerprint, two.fingerprint);
      await restart();
      const again = await host.client.apply(subject.state, late);
      assert.equal(again.ok ? '' : again.error.code, 'LG_PROVIDER_TOKEN_STALE');
    });

    test('killed anywhere in an apply, leaves what it claims and can be driven on', async () => {
      const { one, two } = await bothForms();
      const capabilities = unwrap(await host.client.capabilities(subject.state));
      const [before, wanted] = [await image(two), await image(one)];
      let kills = 0;
      for (let afterOperation = 1; afterOperation < OPERATIONS_MAX; afterOperation += 1) {
        const there = await order(two, one);
        await host.stop();
        const ended = await subject.applyInChild(there, { kind: 'kill', afterOperation });
        host = await subject.host();
        if (ended !== 'killed') {
          assert.deepEqual(ended, { kind: 'done' });
          break;
        }
        kills += 1;
        const torn = await image(await observe());
        assertClaims(torn, before, wanted, capabilities.atomic, `operation ${afterOperation}`);
        // Driven back through the same functions, as an undo would.
        const now = await observe();
        if (now.fingerprint !== two.fingerprint) {
          assert.deepEqual(await apply(await order(now, two)), { kind: 'done' });
        }
        assert.equal((await observe()).fingerprint, two.fingerprint);
      }
      assert.ok(kills > 0, 'nothing was ever killed');
      assert.equal((await observe()).fingerprint, one.fingerprint);
    });

    test('on a full disk ends as it says, and succeeds once there is room', async () => {
      const { one, two } = await bothForms();
      const there = await order(two, one);
      await host.stop();
      const ended = await subject.applyInChild(there, { kind: 'full-disk' });
      host = await subject.host();
      assert.ok(ended !== 'killed' && ended.kind !== 'done', JSON.stringify(ended));
      const now = await observe();
      if (ended.kind === 'failed-clean') assert.equal(now.fingerprint, two.fingerprint);
      assert.deepEqual(await apply(await order(now, one)), { kind: 'done' });
      assert.equal((await observe()).fingerprint, one.fingerprint);
    });

    test('answers by its deadline when the target hangs, and leaves nothing running', async () => {
      const { one, two } = await bothForms();
      const { paths, expects } = await order(two, one);
      await host.stop();
      host = await subject.host(STUCK_MS);
      const { state, method } = subject.stuck;
      token += 1;
      const ended =
        method === 'observe'
          ? await host.client.observe(state)
          : await host.client.apply(state, { desired: one.image, paths, expects, runToken: token });
      const code = ended.ok ? '' : ended.error.code;
      const isUnknown = ended.ok && 'kind' in ended.value && ended.value.kind === 'unknown';
      assert.ok(isUnknown || code === 'LG_PROVIDER_TIMEOUT', `ended ${JSON.stringify(ended)}`);
      await host.stop();
      assert.equal(await subject.leftRunning(), 0);
      host = await subject.host();
    });
  });
}

async function specOf(subject: ProviderSubject): Promise<unknown> {
  const parsed = await subject.provider.specSchema['~standard'].validate(subject.state.spec);
  assert.equal(parsed.issues, undefined);
  return 'value' in parsed ? parsed.value : undefined;
}

/** Every item must be as before or as wanted, unless the provider claims less. */
function assertClaims(
  now: StateImage,
  before: StateImage,
  wanted: StateImage,
  atomic: 'all' | 'per-item' | 'none',
  where: string,
): void {
  if (atomic === 'none') return;
  const texts = (image: StateImage): Map<string, string> =>
    new Map(image.items.map((item) => [item.path, JSON.stringify(item)]));
  const [is, was, will] = [texts(now), texts(before), texts(wanted)];
  if (atomic === 'all') {
    assert.ok(
      [was, will].some((form) => same(form, is)),
      where,
    );
    return;
  }
  const owed = now.items.find(isOwedRestart)?.path;
  const itemAt = (image: StateImage, path: string): StateItem | undefined =>
    image.items.find((item) => item.path === path);
  for (const path of new Set([...is.keys(), ...was.keys(), ...will.keys()])) {
    const text = is.get(path);
    const isBetween = isHalfWay(itemAt(now, path), itemAt(before, path), itemAt(wanted, path));
    const isKnown = text === was.get(path) || text === will.get(path) || path === owed || isBetween;
    assert.ok(isKnown, `${where}: ${path} is torn: ${text}`);
  }
}

function same(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}
