import type { SealKey } from '../../../base/aead.ts';
import type { Disk } from '../../../base/disk.ts';
import { isDiskFull } from '../../../base/disk-full.ts';
import { messageOf, systemCode, type LastgoodError } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import type { Packed } from './blob-payload.ts';
import { PackBuilder, packMemory } from './pack-builder.ts';
import type { PackEntry } from './pack-format.ts';

/** One pack that blobs lie in: being built, being written, or a file. */
export interface Pack {
  readonly id: string;
  readonly key: SealKey;
  /** In memory until it is a file. */
  builder?: PackBuilder;
  bytes: number;
}

/** Who wants to know of the packs that are written. */
export interface PackHearer {
  begun(pack: Pack): void;
  /** It could not be written: what lay in it is gone. */
  lost(pack: Pack): void;
}

interface Filling {
  readonly pack: Pack;
  readonly builder: PackBuilder;
}

/** Fills packs one after the other and writes them: one is filled while another is written. */
export class PackWriter {
  readonly #at: { readonly folder: string; readonly disk: Disk; readonly keyring: Keyring };
  readonly #hearer: PackHearer;
  #filling: Filling | undefined;
  #publishing: Promise<void> = Promise.resolve();
  /** Of the pack that was published last: the next one is built in it. */
  #memory: Uint8Array | undefined;
  #failure: LastgoodError | undefined;

  constructor(
    at: { readonly folder: string; readonly disk: Disk; readonly keyring: Keyring },
    hearer: PackHearer,
  ) {
    this.#at = at;
    this.#hearer = hearer;
  }

  /** Puts a payload into the pack that is being filled. Calls must follow each other. */
  async append(
    { hash, plainBytes }: Pick<PackEntry, 'hash' | 'plainBytes'>,
    { payload, isCompressed }: Packed,
  ): Promise<{ readonly pack: Pack; readonly entry: PackEntry }> {
    const filling = this.#filling?.builder.fits(payload.length) ? this.#filling : undefined;
    const { pack, builder } = filling ?? (await this.#next());
    return { pack, entry: builder.add(hash, payload, isCompressed, plainBytes) };
  }

  /** The next flush answers with this, unless something failed before it. */
  fail(error: LastgoodError): void {
    this.#failure ??= error;
  }

  /** Makes everything appended survive power loss, or tells what failed since the last time. */
  async flush(): Promise<Result<void>> {
    const { disk, folder } = this.#at;
    await this.#publishFilled();
    await this.#publishing;
    // There may be no other pack for hours.
    this.#memory = undefined;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) return err(failure);
    await disk.syncFolder(folder);
    return ok(undefined);
  }

  async #next(): Promise<Filling> {
    await this.#publishFilled();
    const memory = this.#memory ?? packMemory();
    this.#memory = undefined;
    const builder = await PackBuilder.begin(this.#at.keyring, memory);
    const pack: Pack = { id: builder.id, key: builder.key, builder, bytes: 0 };
    const filling = { pack, builder };
    this.#filling = filling;
    this.#hearer.begun(pack);
    return filling;
  }

  /** Begins to write what was filled, once the one before is written: two in memory at most. */
  async #publishFilled(): Promise<void> {
    const filled = this.#filling;
    this.#filling = undefined;
    await this.#publishing;
    if (filled !== undefined) this.#publishing = this.#publish(filled);
  }

  async #publish({ pack, builder }: Filling): Promise<void> {
    const { disk, folder } = this.#at;
    try {
      pack.bytes = await builder.publish(disk, folder);
      delete pack.builder;
      this.#memory = builder.memory;
    } catch (thrown) {
      this.#hearer.lost(pack);
      this.#failure = writeError(folder, thrown);
    }
  }
}

/** Says of a disk that was full how much was to be written, and what room there is, if it tells. */
export async function tellRoom(
  error: LastgoodError,
  { folder, disk }: { readonly folder: string; readonly disk: Disk },
  bytes: number,
): Promise<LastgoodError> {
  if (error.code !== 'LG_STORE_DISK_FULL') return error;
  try {
    const { freeBytes, spareBytes } = await disk.room(folder);
    const room = `${freeBytes} are free, and ${spareBytes} more are set aside for this`;
    const told = `${bytes} bytes were to be kept; ${room}: ${error.detail}`;
    return lgError('LG_STORE_DISK_FULL', told, error);
  } catch (thrown) {
    // What failed is known all the same.
    if (systemCode(thrown) === undefined) throw thrown;
    return error;
  }
}

/** What went wrong with writing a vault, as its caller is told. */
export function writeError(folder: string, thrown: unknown): LastgoodError {
  const errorCode = isDiskFull(thrown) ? 'LG_STORE_DISK_FULL' : 'LG_STORE_WRITE_FAILED';
  return lgError(errorCode, `vault ${folder}: ${messageOf(thrown)}`, thrown);
}
