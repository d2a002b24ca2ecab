import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { sameContent } from '../../../model/checkpoint/same-item.ts';
import { itemContent } from '../../../local-provider/item-content.ts';
import { runSuccessfully } from '../../../local-provider/run-successfully.ts';
import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import type { NftablesSpec } from './nftables-spec.ts';
import { isOwned, tablesOf, withoutPassing } from './table-text.ts';

/**
 * Loads the file into the empty packet filter of a network namespace that exists for this command
 * alone, and lists what came of it: files include, define and compute, so their text says little.
 */
const LOADED = 'nft -f "$1" && exec nft -s list ruleset';

/** Where the file that is loaded when the host starts would make other tables than there are. */
export async function nftablesDrift(
  spec: NftablesSpec,
  { items }: StateImage,
  io: ProviderIo,
): Promise<readonly string[]> {
  const [file] = spec.persistent;
  if (file === undefined) return [];
  const options = { timeoutMs: spec.timeout };
  const checked = await runSuccessfully(['nft', '-c', '-f', file], options, io);
  if (!checked.ok)
    return [`${file} cannot be loaded when the host starts: ${checked.error.detail}`];
  const apart = ['unshare', '-n', 'sh', '-c', LOADED, 'sh', file];
  const loaded = await runSuccessfully(apart, options, io);
  // A rule may name an interface by its number, which the empty namespace does not have.
  if (!loaded.ok) return [`${file} cannot be compared with what runs: ${loaded.error.detail}`];
  const made = new Map<string, StateItem>();
  for (const [table, text] of tablesOf(fromUtf8(loaded.value.stdout))) {
    if (!isOwned(spec, table)) continue;
    const content = await itemContent(utf8(withoutPassing(spec, table, text)), false, io);
    if (content.ok) made.set(table, { path: table, attributes: {}, ...content.value });
  }
  const drift: string[] = [];
  for (const item of items) {
    const { path } = item;
    if (path.startsWith('/')) continue;
    const other = made.get(path);
    made.delete(path);
    if (other === undefined) drift.push(`table ${path} runs and is not made by ${file}`);
    else if (!sameContent(other, item)) drift.push(`${file} makes another table ${path} than runs`);
  }
  for (const table of made.keys()) drift.push(`table ${table} does not run but is made by ${file}`);
  return drift;
}
