import { concatBytes, fromUtf8Strict } from '../../base/bytes.ts';
import { unifiedDiff } from '../../base/text-diff.ts';
import type { StateImage, StateItem } from '../../model/checkpoint/capture.ts';
import { CHANGE_TEXT_CHARS, type Change } from '../../model/checkpoint/change.ts';
import { hideSecrets } from '../../model/checkpoint/secret-text.ts';
import type { Vault } from '../../ports/vault.ts';

/** Larger contents are not compared line by line: nobody reads that in an incident. */
const CONTENT_BYTES_MAX = 1024 * 1024;

/**
 * Adds unified diffs to changes of text content. Secrets and binaries get none, values of keys that
 * sound secret are hidden, and content that is not in the vault is left out.
 */
export async function withChangeTexts(
  changes: readonly Change[],
  from: StateImage,
  to: StateImage,
  vault: Pick<Vault, 'get' | 'has'>,
): Promise<readonly Change[]> {
  const before = new Map(from.items.map((item) => [item.path, item]));
  const after = new Map(to.items.map((item) => [item.path, item]));
  const told: Change[] = [];
  for (const change of changes) {
    const left = before.get(change.path);
    const right = after.get(change.path);
    if (change.secret || (left?.content === undefined && right?.content === undefined)) {
      told.push(change);
      continue;
    }
    const [old, now] = [await textOf(left, vault), await textOf(right, vault)];
    if (old === undefined || now === undefined || old === now) told.push(change);
    else {
      // Hidden before they are compared: a changed secret must not show by its surroundings.
      const text = unifiedDiff(hideSecrets(old), hideSecrets(now)).slice(0, CHANGE_TEXT_CHARS);
      told.push(text === '' ? change : { ...change, ...countedWords(change, text), text });
    }
  }
  return told;
}

/** Words that say no more than that a text changed, with how much of it did. */
function countedWords({ words }: Change, text: string): Pick<Change, 'words'> {
  if (words === undefined) return {};
  const count = (mark: string): number =>
    text.split('\n').filter((line) => line.startsWith(mark)).length;
  return { words: `${words} +${count('+')} −${count('-')} lines` };
}

async function textOf(
  item: StateItem | undefined,
  vault: Pick<Vault, 'get' | 'has'>,
): Promise<string | undefined> {
  if (item?.content === undefined) return '';
  if ((item.size ?? 0) > CONTENT_BYTES_MAX) return undefined;
  const parts: Uint8Array[] = [];
  for (const hash of item.content) {
    if (!vault.has(hash)) return undefined;
    const read = await vault.get(hash);
    if (!read.ok) return undefined;
    parts.push(read.value);
  }
  const text = fromUtf8Strict(concatBytes(parts));
  return text?.includes('\0') === true ? undefined : text;
}
