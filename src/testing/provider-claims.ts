import assert from 'node:assert/strict';
import { unwrap } from '../base/result.ts';
import {
  fingerprintOf,
  isHalfWay,
  isOwedRestart,
  type StateImage,
  type StateItem,
} from '../model/checkpoint/capture.ts';
import { isBlobHash, storeImage } from '../model/checkpoint/image-blob.ts';
import { BLOB_BYTES_MAX } from '../ports/vault.ts';
import type { ObservedState } from '../ports/provider-client.ts';
import type { ProviderCapabilities } from '../ports/provider.ts';
import type { ProviderProofs } from './provider-proofs.ts';
import type { ChildApply } from './provider-subject.ts';
import type { ProviderTrial } from './provider-trial.ts';

/** More changing operations than any small apply makes; a mishap after that many never comes. */
const OPERATIONS_MAX = 500;

/** Moments of one apply at which it is killed, every other one with its commands. */
const MOMENTS = 8;

/** Tries what a provider says of itself by doing to it what the claim must withstand. */
export function proveClaims(proofs: ProviderProofs, now: () => ProviderTrial): void {
  proofs.prove('idempotent: applying twice is applying once', async () => {
    const trial = now();
    if (!(await trial.capabilities()).idempotent) return false;
    const { one, two } = await trial.bothForms();
    const there = await trial.order(two, one);
    await trial.apply(there);
    const disturbed = await trial.subject.disturbances();
    assert.deepEqual(await trial.apply(there), { kind: 'done' });
    assert.equal((await trial.observe()).fingerprint, one.fingerprint);
    assert.equal(await trial.subject.disturbances(), disturbed);
    return true;
  });

  proofs.prove('exactness: what is restored reads as before by its own tools', async () => {
    const trial = now();
    if ((await trial.capabilities()).exactness !== 'bytes') return false;
    await trial.subject.shape('one');
    const before = await trial.subject.reading();
    const { one, two } = await trial.bothForms();
    assert.notEqual(await trial.subject.reading(), before);
    assert.deepEqual(await trial.apply(await trial.order(two, one)), { kind: 'done' });
    assert.equal(await trial.subject.reading(), before);
    return true;
  });

  proofs.prove('disruption: nobody is disturbed without its being said', async () => {
    const trial = now();
    const { disruption } = await trial.capabilities();
    const { one, two } = await trial.bothForms();
    const disturbed = await trial.subject.disturbances();
    assert.deepEqual(await trial.apply(await trial.order(two, one)), { kind: 'done' });
    const more = (await trial.subject.disturbances()) - disturbed;
    if (disruption === 'none') assert.equal(more, 0);
    // One that is announced comes once for all items, not once an item.
    else assert.ok(more <= 1, `${more} disturbances`);
  });

  proofs.prove('partial: one item is restored and every other one stays', async () => {
    const trial = now();
    if (!(await trial.capabilities()).partial) return false;
    const { one, two } = await trial.bothForms();
    const [from, to] = [await trial.image(two), await trial.image(one)];
    const paths = (await trial.order(two, one)).paths.filter((path) => isUpdate(path, from, to));
    assert.ok(paths.length > 0, 'no item has two forms');
    for (const path of paths) {
      const order = { ...(await trial.order(two, one)), paths: [path] };
      assert.deepEqual(await trial.apply(order), { kind: 'done' }, path);
      const items = from.items.map((item) => (item.path === path ? itemAt(to, path) : item));
      const expected = { items: items.filter((item) => item !== undefined) };
      const left = await trial.observe();
      assert.equal(left.fingerprint, fingerprintOf(expected), `only ${path} is restored`);
      await trial.driveTo(two);
    }
    return true;
  });

  proofs.prove('offline: it restores without any network', async () => {
    const trial = now();
    if (!(await trial.capabilities()).offline) return false;
    const { one, two } = await trial.bothForms();
    const order = await trial.order(two, one);
    const { ended } = await trial.applyInChild(order, { kind: 'offline' });
    assert.deepEqual(ended, { kind: 'done' });
    assert.equal((await trial.observe()).fingerprint, one.fingerprint);
    return true;
  });

  proofs.prove('validateOnTarget: a content that is lost is told before anything', async () => {
    const trial = now();
    if (!(await trial.capabilities()).validateOnTarget) return false;
    const { one, two } = await trial.bothForms();
    const { items } = await trial.image(one);
    if (items.every(({ content }) => content === undefined)) return false;
    const lost = items.map((item) => ({ ...item, ...(item.content ? { content: NOWHERE } : {}) }));
    const reasons = await validateItems(trial, { items: lost }, one);
    assert.ok(reasons.length > 0);
    assert.equal((await trial.observe()).fingerprint, two.fingerprint);
    return true;
  });

  proofs.prove('atomic: killed after any operation, it leaves what it claims', (context) =>
    struckAnywhere(now(), 'kill', (said) => context.diagnostic(said)),
  );

  proofs.prove('atomic: with any operation failing, it leaves what it claims', (context) =>
    struckAnywhere(now(), 'fail', (said) => context.diagnostic(said)),
  );

  proofs.prove('atomic: killed at any moment, it leaves what it claims', async () => {
    const trial = now();
    const { one, two } = await trial.bothForms();
    const whole = await trial.applyInChild(await trial.order(two, one), {
      kind: 'kill-at',
      afterMs: 60_000,
      withCommands: false,
    });
    assert.deepEqual(whole.ended, { kind: 'done' });
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      await trial.driveTo(two);
      const afterMs = ((whole.tookMs ?? 0) * (moment + 0.5)) / MOMENTS;
      const mishap = { kind: 'kill-at', afterMs, withCommands: moment % 2 === 1 } as const;
      const ended = await trial.applyInChild(await trial.order(two, one), mishap);
      await judge(trial, ended, { one, two }, `killed after ${afterMs} ms`);
    }
  });
}

/** The address of a content that no vault holds. */
const NOWHERE = ['f'.repeat(64)].filter(isBlobHash);

async function validateItems(
  trial: ProviderTrial,
  image: StateImage,
  like: ObservedState,
): Promise<readonly string[]> {
  const { vault, client } = trial.host;
  const stored = unwrap(await storeImage(image, (bytes) => vault.put(bytes), BLOB_BYTES_MAX));
  assert.notEqual(stored.image, like.image);
  return unwrap(await client.validate(trial.subject.state, stored.image));
}

/** Strikes each operation of an apply in turn, until one ends without having been struck. */
async function struckAnywhere(
  trial: ProviderTrial,
  kind: 'kill' | 'fail',
  say: (said: string) => void,
): Promise<void> {
  const { one, two } = await trial.bothForms();
  let strikes = 0;
  const { stride = 1 } = trial.subject;
  const first = 1 + (process.pid % stride);
  for (let afterOperation = first; afterOperation < OPERATIONS_MAX; afterOperation += stride) {
    await trial.driveTo(two);
    const order = await trial.order(two, one);
    const applied = await trial.applyInChild(order, { kind, afterOperation });
    await judge(trial, applied, { one, two }, `${kind} at operation ${afterOperation}`);
    if (!applied.isStruck) break;
    strikes += 1;
  }
  assert.ok(strikes > 0, 'nothing was ever struck');
  assert.equal((await trial.observe()).fingerprint, one.fingerprint);
  say(`${strikes} operations, each ${stride}., from ${first}.`);
}

/** What is there after a mishap must be what was answered, and what the claims allow. */
async function judge(
  trial: ProviderTrial,
  { ended }: ChildApply,
  { one, two }: { readonly one: ObservedState; readonly two: ObservedState },
  where: string,
): Promise<void> {
  const left = await trial.observe();
  const said = `${where}, ended ${JSON.stringify(ended)}`;
  if (ended.kind === 'done') assert.equal(left.fingerprint, one.fingerprint, said);
  else if (ended.kind === 'failed-clean') assert.equal(left.fingerprint, two.fingerprint, said);
  const images = {
    now: await trial.image(left),
    before: await trial.image(two),
    wanted: await trial.image(one),
  };
  assertAtomic(images, (await trial.capabilities()).atomic, said);
}

/** Every item must be as before or as wanted, unless the provider claims less. */
function assertAtomic(
  images: Readonly<Record<'now' | 'before' | 'wanted', StateImage>>,
  atomic: ProviderCapabilities['atomic'],
  where: string,
): void {
  const { now, before, wanted } = images;
  if (atomic === 'none') return;
  if (atomic === 'all') {
    const known = [before, wanted].map(fingerprintOf);
    assert.ok(known.includes(fingerprintOf(now)), `${where}: it is torn`);
    return;
  }
  const text = (item: StateItem | undefined): string =>
    item === undefined ? '' : fingerprintOf({ items: [item] });
  const paths = [now, before, wanted].flatMap(({ items }) => items.map(({ path }) => path));
  for (const path of new Set(paths)) {
    const [is, was, will] = [itemAt(now, path), itemAt(before, path), itemAt(wanted, path)];
    const isOwed = is !== undefined && isOwedRestart(is);
    const isKnown = [was, will].some((form) => text(form) === text(is));
    const isFine = isKnown || isOwed || isHalfWay(is, was, will);
    assert.ok(isFine, `${where}: ${path} is torn: ${JSON.stringify(is)}`);
  }
}

function itemAt(image: StateImage, path: string): StateItem | undefined {
  return image.items.find((item) => item.path === path);
}

/** Whether a path has two forms of one type: nothing else has to come or go for it. */
function isUpdate(path: string, from: StateImage, to: StateImage): boolean {
  const [was, will] = [itemAt(from, path), itemAt(to, path)];
  return was?.attributes['type'] === will?.attributes['type'] && was !== undefined;
}
