import type { ExportEntry } from '../../api/contract.ts';
import { toBase64, utf8 } from '../../base/bytes.ts';
import { unwrap } from '../../base/result.ts';
import { readAttributes } from '../../filetree/compare/tree-item.ts';
import type { Capture, StateImage, StateItem } from '../../model/checkpoint/capture.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { loadImage } from '../../model/checkpoint/image-blob.ts';
import type { Vault } from '../../ports/vault.ts';
import type { Inventory } from './inventory.ts';

/** Nobody but their owner reads what has no mode of its own. */
const MODE_PRIVATE = 0o600;

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
    const folder = capture.state.replaceAll('/', '-');
    const image = unwrap(await loadImage(capture.image, (hash) => vault.get(hash)));
    yield { kind: 'folder', path: folder, mode: 0o700 };
    for (const item of image.items) yield* entriesOf(folder, item, vault);
    const host = inventory.hostOf(capture.component);
    words.push(...stateWords(capture, host, commandsOf(folder, capture, image, inventory)));
  }
  const content = toBase64(utf8(`${words.join('\n')}\n`));
  yield { kind: 'file', path: 'RESTORE.md', mode: MODE_PRIVATE, content };
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
    `Taken ${manifest.takenAt.slice(0, 19)}Z, status ${view.status}: ${view.statusReason}.`,
    'These are plain files, secrets included: keep this folder to yourself.',
    'Run the commands from within this folder, as root where owners matter.',
  ];
}

function stateWords(
  capture: Capture,
  host: string | undefined,
  commands: readonly string[],
): readonly string[] {
  return [
    '',
    `## ${capture.state}`,
    '',
    `${capture.items} items, ${capture.bytes} bytes, fingerprint ${capture.fingerprint}.`,
    ...(host === undefined ? [] : [`Of host ${host}: run the commands there.`]),
    ...capture.coverage.excluded.map((left) => `Left out: ${left}.`),
    '',
    '```sh',
    ...commands,
    '```',
  ];
}

/** As the provider that captured it says; its settings count while they still are that one's. */
function commandsOf(
  folder: string,
  { state: id, provider: kind, compareOnly }: Capture,
  image: StateImage,
  inventory: Inventory,
): readonly string[] {
  if (compareOnly) return ['# It was captured to be compared only.'];
  const provider = inventory.providerOf(kind);
  if (provider === undefined) return [`# put back what lies in ${folder}`];
  const state = inventory.state(id);
  const isSame = state.ok && state.value.provider === kind;
  return provider.byHand(isSame ? state.value.spec : undefined, image, folder);
}
