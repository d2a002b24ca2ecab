import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../base/result.ts';
import type { CheckpointManifest } from '../../model/checkpoint/checkpoint.ts';
import { Catalogue } from '../../recovery/checkpoint/catalogue.ts';
import { manifestOf } from '../../recovery/checkpoint/testdata/manifest.ts';
import { memoryKeyring } from '../../testing/memory-keyring.ts';
import { ownControlStore } from './testdata/own-control-store.ts';

const at = '2026-11-21T02:00:10Z';
const KEY = new Uint8Array(32).fill(3);

function holding(fingerprint: string, takenAt: string): CheckpointManifest {
  const plain = manifestOf({ takenAt });
  const captures = plain.captures.map((capture) => ({ ...capture, fingerprint }));
  return { ...plain, captures };
}

test('a culprit content makes a later checkpoint with it suspect, and no other', async (t) => {
  const control = await ownControlStore(t, memoryKeyring(KEY));
  const catalogue = new Catalogue(control, () => 1000);
  const take = async (manifest: CheckpointManifest): Promise<string> => {
    const id = unwrap(await catalogue.seal(manifest));
    const readBack = { kind: 'read-back', at, ok: true, why: 'read' } as const;
    const soaked = { kind: 'soak-ended', at, healthy: true, why: 'well' } as const;
    const accused = catalogue.accusations(manifest, at);
    unwrap(await catalogue.add(id, [readBack, soaked, ...accused]));
    return id;
  };
  const culprit = await take(holding('culprit', '2026-11-21T02:00:00Z'));
  const hash = 'culprit';
  const accusation = {
    kind: 'incident',
    at,
    incident: 'inc_1',
    state: 'shop/files',
    hash,
  } as const;
  unwrap(await catalogue.add(culprit, [accusation]));

  const again = await take(holding('culprit', '2026-11-21T03:00:00Z'));
  const other = await take(holding('other', '2026-11-21T04:00:00Z'));
  assert.equal(unwrap(catalogue.view(again)).status, 'suspect');
  assert.equal(unwrap(catalogue.view(other)).status, 'good');

  const reread = new Catalogue(control, () => 1000);
  unwrap(await reread.load());
  assert.equal(unwrap(reread.view(again)).status, 'suspect', 'it is a fact, not a memory');
});
