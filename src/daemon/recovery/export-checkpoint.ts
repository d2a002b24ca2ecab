import type { ExportEntry } from '../../api/contract.ts';
import { toBase64, utf8 } from '../../base/bytes.ts';
import { unwrap } from '../../base/result.ts';
import { readAttributes } from '../../filetree/compare/tree-item.ts';
import { shellQuote } from '../../filetree/compare/tree-commands.ts';
import type { Capture, StateItem } from '../../model/checkpoint/capture.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import type { StateSpec } from '../../model/component/component.ts';
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
    const state = inventory.state(capture.state);
    words.push(...stateWords(folder, capture, image.items, state.ok ? state.value : undefined));
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
    `Taken ${manifest.takenAt}, status ${view.status}: ${view.statusReason}.`,
    'These are plain files, secrets included: keep this folder to yourself.',
    'Run the commands from within this folder, as root where owners matter.',
  ];
}

function stateWords(
  folder: string,
  capture: Capture,
  items: readonly StateItem[],
  state: StateSpec | undefined,
): readonly string[] {
  const commands = capture.compareOnly
    ? ['# It was captured to be compared only.']
    : commandsOf(folder, capture.provider, items, specOf(state));
  return [
    '',
    `## ${capture.state}`,
    '',
    `${capture.items} items, ${capture.bytes} bytes, fingerprint ${capture.fingerprint}.`,
    ...capture.coverage.excluded.map((left) => `Left out: ${left}.`),
    '',
    '```sh',
    ...commands,
    '```',
  ];
}

type Spec = Readonly<Record<string, unknown>>;

function specOf(state: StateSpec | undefined): Spec {
  const spec: unknown = state?.spec;
  return typeof spec === 'object' && spec !== null ? { ...spec } : {};
}

function commandsOf(
  folder: string,
  provider: string,
  items: readonly StateItem[],
  spec: Spec,
): readonly string[] {
  const own = shellQuote(folder);
  switch (provider) {
    case 'files':
      return [...items.flatMap((item) => itemCommands(own, item)), ...wordsOf(spec['restart'])];
    case 'deployment': {
      const item = items.find(({ path }) => path === 'current');
      const target = item === undefined ? '' : (readAttributes(item)?.target ?? '');
      const current = String(spec['current'] ?? 'CURRENT');
      const [link, fresh] = [shellQuote(current), shellQuote(`${current}.new`)];
      return [
        `# the release lies in ${folder}/release; ${current} led to ${target}`,
        `release=$(cd "$(dirname ${link})" && realpath -m ${shellQuote(target)})`,
        `mkdir -p "$release" && cp -a ${own}/release/. "$release"/`,
        `ln -sfn ${shellQuote(target)} ${fresh} && mv -T ${fresh} ${link}`,
        ...wordsOf(spec['restart']),
      ];
    }
    case 'command': {
      const [first = '# see the configuration for the command that takes it back'] = wordsOf(
        spec['apply'],
      );
      const output = items.find(({ content }) => content !== undefined)?.path ?? 'output';
      return [`${first} < ${own}/${shellQuote(output)}`];
    }
    default:
      return [`# put back what lies in ${folder}`];
  }
}

/** Item by item: folders above the items are not ours, and keep their mode and owner. */
function itemCommands(folder: string, item: StateItem): readonly string[] {
  const attributes = readAttributes(item);
  if (attributes === undefined) return [];
  const { type, mode, uid, gid } = attributes;
  const path = shellQuote(item.path);
  const source = `${folder}/${shellQuote(`root${item.path}`)}`;
  const owner = `chown -h ${uid}:${gid} ${path}`;
  if (type === 'folder') return [`mkdir -p ${path}`, `chmod ${mode ?? '0755'} ${path}`, owner];
  const parent = shellQuote(item.path.slice(0, item.path.lastIndexOf('/')) || '/');
  return [`mkdir -p ${parent}`, `cp -dT --remove-destination ${source} ${path}`, owner].concat(
    type === 'file' && mode !== undefined ? [`chmod ${mode} ${path}`] : [],
  );
}

function wordsOf(command: unknown): readonly string[] {
  if (!Array.isArray(command)) return [];
  return [command.map((word) => shellQuote(String(word))).join(' ')];
}
