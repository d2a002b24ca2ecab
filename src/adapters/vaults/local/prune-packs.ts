import { ok, type Result } from '../../../base/result.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import type { BlobPlaces } from './blob-places.ts';
import type { BlobReader } from './blob-reader.ts';
import { openPack } from './pack-file.ts';
import { isCompressed, openRecord, type PackEntry } from './pack-format.ts';
import type { Pack, PackWriter } from './pack-writer.ts';
import type { VaultSetting } from './vault-setting.ts';

/** A vault whose packs are pruned; nothing else may write to it meanwhile. */
export interface Pruned {
  readonly setting: VaultSetting;
  readonly places: BlobPlaces;
  readonly reader: BlobReader;
  readonly writer: PackWriter;
}

/** What is kept of a pack. */
interface Remainder {
  readonly pack: Pack;
  readonly live: readonly PackEntry[];
}

/**
 * Rewrites every pack that holds something to forget, and answers the bytes that freed. The new
 * packs are durable before an old one goes; a crash between leaves blobs twice, which the next
 * prune finds.
 */
export async function prunePacks(
  vault: Pruned,
  keep: ReadonlySet<BlobHash>,
): Promise<Result<number>> {
  const { places, writer } = vault;
  const flushed = await writer.flush();
  if (!flushed.ok) return flushed;
  const before = places.size().bytes;
  const old: Remainder[] = [];
  for (const pack of places.packs()) {
    const entries = await entriesOf(vault, pack);
    if (entries === undefined) continue;
    const live = entries.filter(({ hash }) => keep.has(hash) && places.find(hash)?.pack === pack);
    if (live.length === entries.length) continue;
    if (await moveLive(vault, { pack, live })) old.push({ pack, live });
  }
  const moved = await writer.flush();
  if (!moved.ok) {
    // What was moved is still where it was; the failed pack has taken its places away.
    for (const { pack, live } of old) {
      for (const entry of live) {
        if (!places.has(entry.hash)) places.set(entry.hash, { pack, entry });
      }
    }
    return moved;
  }
  await removePacks(
    vault,
    old.map(({ pack }) => pack),
  );
  return ok(before - places.size().bytes);
}

async function entriesOf(
  { setting: { disk, folder, keyring } }: Pruned,
  { id }: Pack,
): Promise<readonly PackEntry[] | undefined> {
  const opened = await openPack(disk, folder, id, keyring);
  return opened.ok ? opened.value.entries : undefined;
}

/** Copies what is kept of a pack; false, and nothing is lost, when some of it is damaged. */
async function moveLive(vault: Pruned, { pack, live }: Remainder): Promise<boolean> {
  const { places, reader, writer, setting } = vault;
  for (const entry of live) {
    const sealed = await reader.sealed({ pack, entry });
    const payload = sealed && openRecord(pack.key, pack.id, entry.offset, entry.word, sealed);
    if (payload === undefined) {
      setting.log.error('VaultPruneSkipped', { pack: pack.id, blob: entry.hash });
      return false;
    }
    const packed = { payload, isCompressed: isCompressed(entry.word) };
    places.set(entry.hash, await writer.append(entry, packed));
  }
  return true;
}

async function removePacks(
  { setting: { disk, folder }, places, reader }: Pruned,
  packs: readonly Pack[],
): Promise<void> {
  places.forget(packs);
  for (const pack of packs) {
    await reader.drop(pack);
    await disk.remove(`${folder}/${pack.id}.pack`);
  }
  if (packs.length > 0) await disk.syncFolder(folder);
}
