import { toSecond } from '../../base/time.ts';
import type { ExportEntry } from '../../api/contract.ts';
import { shellQuote } from '../../base/shell-quote.ts';
import { toBase64, utf8 } from '../../base/bytes.ts';
import { unwrap } from '../../base/result.ts';
import { readAttributes } from '../../filetree/compare/tree-item.ts';
import { underScope } from '../../model/checkpoint/capture-scope.ts';
import type { Capture, StateImage, StateItem } from '../../model/checkpoint/capture.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { exportFolder, exportScript } from '../../model/checkpoint/export-place.ts';
import { loadImage } from '../../model/checkpoint/image-blob.ts';
import type { Vault } from '../../ports/vault.ts';
import type { Inventory } from './inventory.ts';

/** Nobody but their owner reads what has no mode of its own. */
const MODE_PRIVATE = 0o600;
const MODE_SCRIPT = 0o700;

/**
 * A checkpoint as plain files, one folder a state, and RESTORE.md with the commands to put them
 * back by hand: the way out that needs nothing of ours but this folder. Throws the error of a blob
 * that is damaged.
 */
export async function* exportCheckpoint(
  view: CheckpointView,
  vault: Pick<Vault, 'get'>,
  inventory: Inventory,
): AsyncGenerator<ExportEntry> {
  const words: string[] = introduction(view);
  for (const capture of view.manifest.captures) {
    const folder = exportFolder(capture.state);
    const image = unwrap(await loadImage(capture.image, (hash) => vault.get(hash)));
    yield { kind: 'folder', path: folder, mode: 0o700 };
    for (const item of image.items) yield* entriesOf(folder, item, vault);
    const commands = commandsOf(folder, capture, image, inventory);
    const script = ['#!/bin/sh', 'cd "$(dirname "$0")" || exit 1', ...commands];
    yield textFile(exportScript(capture.state), MODE_SCRIPT, script);
    words.push(...stateWords(capture, inventory, commands));
  }
  yield textFile('RESTORE.md', MODE_PRIVATE, words);
}

function textFile(path: string, mode: number, lines: readonly string[]): ExportEntry {
  return { kind: 'file', path, mode, content: toBase64(utf8(`${lines.join('\n')}\n`)) };
}

async function* entriesOf(
  folder: string,
  item: StateItem,
  vault: Pick<Vault, 'get'>,
): AsyncGenerator<ExportEntry> {
  const path = pathOf(folder, item);
  const attributes = readAttributes(item);
  if (attributes?.type === 'link') {
    yield { kind: 'link', path, target: attributes.target ?? '' };
    return;
  }
  const mode = attributes?.mode === undefined ? MODE_PRIVATE : Number.parseInt(attributes.mode, 8);
  const owner = attributes === undefined ? {} : { uid: attributes.uid, gid: attributes.gid };
  if (attributes?.type === 'folder') {
    yield { kind: 'folder', path, mode, ...owner };
    return;
  }
  if (item.content === undefined) return;
  const [first, ...rest] = item.content;
  const content = first === undefined ? '' : toBase64(unwrap(await vault.get(first)));
  yield { kind: 'file', path, mode, ...owner, content };
  for (const hash of rest) {
    yield { kind: 'part', path, content: toBase64(unwrap(await vault.get(hash))) };
  }
}

/** Absolute paths lie below `root/`, so that they cannot be confused with what we add. */
function pathOf(folder: string, { path }: StateItem): string {
  return path.startsWith('/') ? `${folder}/root${path}` : `${folder}/${path}`;
}

function introduction(view: CheckpointView): string[] {
  const { manifest } = view;
  return [
    `# Checkpoint ${view.id}`,
    '',
    `Taken ${toSecond(manifest.takenAt)}, status ${view.status}: ${view.statusReason}.`,
    'These are plain files, secrets included: keep this folder to yourself.',
    'Run the commands from within this folder, as root where owners matter. Those of each state',
    'are a script beside it, too.',
  ];
}

function stateWords(
  { state, component, provider, items, bytes, fingerprint, coverage }: Capture,
  inventory: Inventory,
  commands: readonly string[],
): readonly string[] {
  const host = inventory.hostOf(component);
  const script = shellQuote(exportScript(state));
  const carriesTraffic = inventory.providerOf(provider)?.carriesTraffic === true;
  return [
    '',
    `## ${state}`,
    '',
    `${items} items, ${bytes} bytes, fingerprint ${fingerprint}.`,
    ...(host === undefined ? [] : [`Of host ${host}: run the commands there.`]),
    ...coverage.excluded.map((left) => `Left out: ${left}.`),
    ...(carriesTraffic
      ? [
          'Your own connection may go through it. Start the script apart from the terminal, so it',
          `ends in any case: \`setsid sh ${script} < /dev/null > ${script}.log 2>&1\``,
        ]
      : []),
    '',
    '```sh',
    // A shell reads the whole of it before it begins: no paste is cut off by its own first line.
    ...(carriesTraffic ? ['{ :', ...commands, '}'] : commands),
    '```',
  ];
}

/**
 * As the provider that captured it says; its settings count while they still are that one's, but
 * for what belongs to the state: that is as it was captured, or more would be told as added since.
 */
function commandsOf(
  folder: string,
  { state: id, provider: kind, compareOnly, scope }: Capture,
  image: StateImage,
  inventory: Inventory,
): readonly string[] {
  if (compareOnly) return ['# It was captured to be compared only.'];
  const provider = inventory.providerOf(kind);
  if (provider === undefined) return [`# put back what lies in ${folder}`];
  const state = inventory.state(id);
  const isSame = state.ok && state.value.provider === kind;
  if (!isSame) return provider.byHand(undefined, image, folder);
  const captured = scope && underScope(state.value, scope, provider.scope);
  return provider.byHand((captured ?? state.value).spec, image, folder);
}
