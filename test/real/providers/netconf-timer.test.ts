import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { netconfProvider } from '../../../src/adapters/providers/netconf/provider.ts';
import { netconfSpec } from '../../../src/adapters/providers/netconf/netconf-spec.ts';
import { unwrap } from '../../../src/base/result.ts';
import { loadImage } from '../../../src/model/checkpoint/image-blob.ts';
import type { StateSpec } from '../../../src/model/component/component.ts';
import type { ObservedState } from '../../../src/ports/provider-client.ts';
import { startHost, type ProviderHost } from '../../conformance/provider-host.ts';
import { NetconfPlace, netconfLacks, replaced } from './netconf-place.ts';

const SAVE = '<copy-config><target><startup/></target><source><running/></source></copy-config>';
const LOCK = '<lock><target><candidate/></target></lock>';

/** Longer than any of these tests takes. */
const LONG_SECONDS = 300;

const lacks = netconfLacks();

describe('the own timer of a device', { skip: lacks !== undefined && `SKIPPED: ${lacks}` }, () => {
  let home = '';
  let place: NetconfPlace;
  let host: ProviderHost;
  let state: StateSpec;
  /** T, and P, which is there and saved. */
  let good: ObservedState;
  let before: ObservedState;
  let token = 0;

  beforeEach(async () => {
    home = await fs.mkdtemp(join(tmpdir(), 'lastgood-netconf-'));
    const root = join(home, 'target');
    await fs.mkdir(root);
    await fs.mkdir(join(home, 'data'));
    place = new NetconfPlace(root);
    state = { id: 'sw1/netconf', component: 'sw1', provider: 'netconf', spec: place.spec };
    await place.start();
    host = await startHost(join(home, 'data'));
    await place.tell(...replaced('good'));
    good = unwrap(await host.client.capture(state));
    await place.tell(...replaced('bad'), SAVE);
    before = unwrap(await host.client.capture(state));
  });

  afterEach(async () => {
    await host.stop();
    await place.cutPower();
    await fs.rm(home, { recursive: true, force: true });
  });

  const arm = (run: string, seconds: number) => {
    token += 1;
    const order = { run, runToken: token, seconds, desired: before.image, wanted: good.image };
    return host.client.arm(state, order);
  };

  const by = (run: string) => ({ run, runToken: token });

  const apply = async (run: string) => {
    const images = [before, good].map(({ image }) => loadImage(image, (h) => host.vault.get(h)));
    const [from, to] = (await Promise.all(images)).map(unwrap);
    assert.ok(from !== undefined && to !== undefined);
    const [step] = netconfProvider.plan(netconfSpec.parse(place.spec), from, to);
    const order = { desired: good.image, paths: step?.paths ?? [], expects: before.fingerprint };
    return host.client.apply(state, { ...order, run, runToken: token });
  };

  it('keeps and saves what was confirmed, also after a restart of ours', async () => {
    unwrap(await arm('run-1', LONG_SECONDS));
    unwrap(await apply('run-1'));
    assert.equal(await place.leaf('hostname', 'startup'), 'bad', 'nothing is saved before');
    await host.stop();
    host = await startHost(join(home, 'data'));
    const [timer] = unwrap(await host.client.pending(state));
    assert.equal(timer?.run, 'run-1');
    assert.ok((timer?.seconds ?? 0) <= LONG_SECONDS, 'the change did not move the deadline');
    assert.equal(unwrap(await host.client.confirm(state, by('run-1'))), 'confirmed');
    assert.equal(unwrap(await host.client.confirm(state, by('run-1'))), 'confirmed');
    assert.deepEqual(unwrap(await host.client.pending(state)), []);
    await place.cutPower();
    await place.start();
    assert.equal(await place.leaf('hostname'), 'good');
  });

  it('is given more time while its run waits, and never less than it has', async () => {
    const extend = (seconds: number) => host.client.extend(state, { ...by('run-1'), seconds });
    const leftOf = async () => unwrap(await host.client.pending(state))[0]?.seconds ?? 0;
    unwrap(await arm('run-1', LONG_SECONDS));
    unwrap(await apply('run-1'));
    unwrap(await extend(2 * LONG_SECONDS));
    assert.ok((await leftOf()) > LONG_SECONDS, 'it has more');
    unwrap(await extend(1));
    assert.ok((await leftOf()) > LONG_SECONDS, 'it has no less');
    await place.cutPower();
    await place.start();
    const late = await extend(1);
    assert.equal(late.ok ? '' : late.error.code, 'LG_PROVIDER_TIMER', 'what is over has no time');
    assert.equal(await place.leaf('hostname'), 'bad');
  });

  it('is back where it was when it loses power before the confirmation', async () => {
    const claims = unwrap(await host.client.capabilities(state));
    assert.deepEqual([claims.confirm, claims.confirmSurvives.includes('reboot')], ['native', true]);
    unwrap(await arm('run-1', LONG_SECONDS));
    unwrap(await apply('run-1'));
    await place.cutPower();
    await place.start();
    assert.equal(unwrap(await host.client.observe(state)).fingerprint, before.fingerprint);
    assert.equal(unwrap(await host.client.confirm(state, by('run-1'))), 'already-reverted');
    const late = unwrap(await apply('run-1'));
    assert.equal(late.kind, 'failed-clean', 'nothing is changed without its timer');
  });

  it('does not claim to survive a restart where what runs was never saved', async () => {
    await place.tell(...replaced('unsaved'));
    const claims = unwrap(await host.client.capabilities(state));
    assert.deepEqual(claims.confirmSurvives, ['session', 'daemon']);
    const { drift } = unwrap(await host.client.capture(state));
    assert.deepEqual(drift, ['lg-device:device would be another one after a restart']);
  });

  it('leaves the confirmed commit of somebody else alone, and arms none beside it', async () => {
    const theirs = '<confirm-timeout>300</confirm-timeout><persist>theirs</persist>';
    await place.tell(`<commit><confirmed/>${theirs}</commit>`);
    assert.deepEqual(unwrap(await host.client.pending(state)), [{}]);
    const armed = await arm('run-1', LONG_SECONDS);
    assert.equal(armed.ok ? '' : armed.error.code, 'LG_PROVIDER_TIMER');
    unwrap(await host.client.cancel(state, by('run-1')));
    assert.deepEqual(unwrap(await host.client.pending(state)), [{}]);
  });

  it('is not armed beside a lock or over edits of somebody else, who is named', async () => {
    await place.with(async (session) => {
      unwrap(await session.ask('by hand', LOCK));
      const refused = await arm('run-1', LONG_SECONDS);
      assert.match(refused.ok ? '' : refused.error.message, /BUSY.*lock-denied.*session \d+ holds/);
    });
    const [edit = ''] = replaced('being-written');
    await place.tell(edit);
    const refused = await arm('run-1', LONG_SECONDS);
    assert.match(refused.ok ? '' : refused.error.message, /BUSY.*discard-changes needed/);
    await place.tell('<commit/>');
    assert.equal(await place.leaf('hostname'), 'being-written', 'the edits are still theirs');
  });

  it('takes back what it was told before its session broke, at whichever message', async () => {
    const file = join(home, 'cut.json');
    const cut = (left: number): Promise<void> =>
      fs.writeFile(file, JSON.stringify({ left, losesAnswer: left % 2 === 0 }));
    const proxy = [process.execPath, join(import.meta.dirname, 'cut-session.ts'), file];
    const { spec } = place;
    state = { ...state, spec: { ...spec, command: [...proxy, ...spec.command] } };
    let changed = 0;
    for (let passes = 1; ; passes += 1) {
      const run = `run-${passes}`;
      await cut(passes);
      const armed = await arm(run, LONG_SECONDS);
      if (armed.ok) await apply(run);
      const { left } = JSON.parse(await fs.readFile(file, 'utf8'));
      await cut(1_000_000);
      const isChanged = (await place.leaf('hostname')) === 'good';
      const timers = unwrap(await host.client.pending(state));
      if (isChanged) assert.equal(timers[0]?.run, run, `changed without its timer: ${passes}`);
      unwrap(await host.client.cancel(state, by(run)));
      assert.deepEqual(unwrap(await host.client.pending(state)), [], `cut after ${passes}`);
      assert.equal(unwrap(await host.client.observe(state)).fingerprint, before.fingerprint);
      if (isChanged) changed += 1;
      if (left >= 0) break;
    }
    assert.ok(changed > 1, 'it was cut after the change, too');
  });

  it('is not armed for a state that somebody changed meanwhile', async () => {
    await place.tell(...replaced('by-a-colleague'));
    const refused = await arm('run-1', LONG_SECONDS);
    assert.equal(refused.ok ? '' : refused.error.code, 'LG_PROVIDER_FOREIGN_CHANGE');
    assert.deepEqual(unwrap(await host.client.pending(state)), []);
  });
});

describe('a device of another make', { skip: lacks !== undefined && `SKIPPED: ${lacks}` }, () => {
  it('that speaks only NETCONF 1.0 is read and changed likewise', async () => {
    const root = await fs.mkdtemp(join(tmpdir(), 'lastgood-netconf-'));
    const place = new NetconfPlace(root, '--protocols=netconf1.0');
    try {
      await place.start();
      await place.tell(...replaced('old words'));
      assert.equal(await place.leaf('hostname'), 'old words');
    } finally {
      await place.cutPower();
      await fs.rm(root, { recursive: true, force: true });
    }
  });
});
