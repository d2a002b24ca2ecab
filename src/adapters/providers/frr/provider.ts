import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { ok, type Result } from '../../../base/result.ts';
import type { ItemPair } from '../../../filetree/compare/tree-changes.ts';
import { exists } from '../../../filetree/exists.ts';
import { itemContent, readItemContent } from '../../../local-provider/item-content.ts';
import { layeredProvider } from '../../../local-provider/layered/layered-provider.ts';
import type { RunningLook } from '../../../local-provider/layered/layered-state.ts';
import type { Refusal } from '../../../local-provider/local-provider.ts';
import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';
import type { Applied, ProviderIo } from '../../../ports/provider.ts';
import { askRunning, differenceTo, reloadRunning, whyRefused } from './frr-commands.ts';
import { frrByHand } from './frr-by-hand.ts';
import { frrSpec, type FrrSpec } from './frr-spec.ts';

/** The item of the configuration that the daemons work by. */
const CONFIG = 'running-config';

/** The item that says which daemons answered: without one, its part of the other is missing. */
const DAEMONS = 'daemons';

/**
 * The configuration a running FRR works by, as `vtysh` shows it, and the files it starts with. The
 * running one is changed line by line by FRR's own program and read again afterwards, because
 * neither the program nor `vtysh` says reliably what it left undone.
 */
export const frrProvider = layeredProvider<FrrSpec>({
  kind: 'frr',
  carriesTraffic: true,
  specSchema: frrSpec,
  scope: { more: ['persistent'], same: ['pathspace'] },
  // Neighbors whose lines change lose their session and build up another one.
  disruption: 'reload',
  // Lines are changed one after the other, and what they mean is what is restored.
  traits: () => ({ atomic: 'none', exactness: 'semantic' }),
  refusal,
  look,
  describe: (item) => (item.path === DAEMONS ? namesOf(item) : contentWords(item)),
  commands: (pairs) =>
    pairs.some(({ path }) => path === CONFIG)
      ? ['# change the running configuration line by line: frr-reload.py --reload']
      : [],
  byHand: (spec, items, folder) =>
    items.some(({ path }) => path === CONFIG) ? frrByHand(spec, folder, CONFIG) : [],
  validate,
  prepare,
  drift,
});

async function refusal({ reloadProgram }: FrrSpec): Promise<Refusal | undefined> {
  if (await exists(reloadProgram)) return undefined;
  return { notRestorableBecause: `${reloadProgram} is missing; install frr-pythontools` };
}

async function look(spec: FrrSpec, io: ProviderIo, store: boolean): Promise<Result<RunningLook>> {
  const running = await askRunning(spec, io);
  if (!running.ok) return running;
  const { daemons, text } = running.value;
  const content = await itemContent(utf8(text), store, io);
  if (!content.ok) return content;
  return ok({
    items: [
      { path: CONFIG, attributes: { type: 'frr-config' }, ...content.value },
      { path: DAEMONS, attributes: { names: daemons, type: 'frr-daemons' } },
    ],
    unreadable: [],
    included: [`running configuration of ${daemons}`],
    excluded: ['host name and version of the running configuration: they are the machine’s own'],
  });
}

async function validate(
  spec: FrrSpec,
  now: StateImage,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  const reasons = daemonReasons(now, desired);
  const text = await configOf(desired, io);
  if (!text.ok) return ok([...reasons, text.error.detail]);
  const refused = await whyRefused(spec, text.value, io);
  if (!refused.ok) return refused;
  return ok(refused.value === undefined ? reasons : [...reasons, `FRR refuses: ${refused.value}`]);
}

/** Daemons come and go with their service; no line of configuration starts or stops one. */
function daemonReasons(now: StateImage, desired: StateImage): readonly string[] {
  const [is, will] = [now, desired].map(
    ({ items }) => new Set(items.filter(({ path }) => path === DAEMONS).flatMap(listOf)),
  );
  if (is === undefined || will === undefined) return [];
  const gone = [...will].filter((name) => !is.has(name)).map((name) => `${name} does not run`);
  const come = [...is].filter((name) => !will.has(name)).map((name) => `${name} did not run then`);
  return [...gone, ...come].map((what) => `${what}; its service starts and stops it`);
}

async function prepare(
  spec: FrrSpec,
  pairs: readonly ItemPair[],
  io: ProviderIo,
): Promise<Result<() => Promise<Applied>>> {
  const wanted = pairs.find(({ path }) => path === CONFIG)?.to;
  if (wanted === undefined) return ok(async () => ({ kind: 'done' }));
  const text = await readItemContent(wanted, io);
  if (!text.ok) return text;
  return ok(() => reloadRunning(spec, fromUtf8(text.value), io));
}

async function drift(spec: FrrSpec, image: StateImage, io: ProviderIo): Promise<readonly string[]> {
  const file = image.items.find(({ path }) => path.endsWith('/frr.conf'))?.path;
  if (file === undefined) return [];
  const lines = await differenceTo(spec, file, io);
  if (!lines.ok) return [`${file} could not be compared with what runs: ${lines.error.detail}`];
  if (lines.value.length === 0) return [];
  return [`a start with ${file} would change ${lines.value.length} lines of what runs`];
}

async function configOf(image: StateImage, io: ProviderIo): Promise<Result<string>> {
  const item = image.items.find(({ path }) => path === CONFIG);
  const bytes = await readItemContent(item ?? { path: CONFIG, attributes: {} }, io);
  return bytes.ok ? ok(fromUtf8(bytes.value)) : bytes;
}

/** Two configurations may be as long as each other: the digits tell them apart. */
function contentWords({ size = 0, content }: StateItem): string {
  return `${size} bytes (${content?.[0]?.slice(0, 8) ?? 'none'})`;
}

function namesOf({ attributes }: StateItem): string {
  return String(attributes['names']);
}

function listOf(item: StateItem): readonly string[] {
  return namesOf(item).split(' ');
}
