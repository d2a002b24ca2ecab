import { shellQuote } from '../../../base/shell-quote.ts';
import { readFile } from 'node:fs/promises';
import { accessSync, constants } from 'node:fs';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { messageOf } from '../../../base/error.ts';
import { fitsPattern } from '../../../base/name-pattern.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { toNodePath } from '../../../filetree/anchored-folder.ts';
import { baseName } from '../../../filetree/compare/path-text.ts';
import type { ItemPair } from '../../../filetree/compare/tree-changes.ts';
import { isSecretSetting, readAssignments } from '../../../linux/kernel-settings.ts';
import { itemContent, readItemContent } from '../../../local-provider/item-content.ts';
import type { Refusal } from '../../../local-provider/local-provider.ts';
import { layeredProvider } from '../../../local-provider/layered/layered-provider.ts';
import type { RunningLook } from '../../../local-provider/layered/layered-state.ts';
import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Applied, ProviderIo } from '../../../ports/provider.ts';
import { readSettings, settingPath, writeSetting, type Setting } from './read-settings.ts';
import { inWritingOrder, settingDrift, valueOf } from './setting-order.ts';
import { sysctlSpec, type SysctlSpec } from './sysctl-spec.ts';

/**
 * How often settings are written until all are as desired: one may set others, as forwarding does.
 */
const ROUNDS_MAX = 3;

/**
 * Kernel settings by name or pattern, and the files that set them when the host starts. Each is
 * one write; keys among them are kept and never shown.
 */
export const sysctlProvider = layeredProvider<SysctlSpec>({
  kind: 'sysctl',
  carriesTraffic: false,
  specSchema: sysctlSpec,
  scope: { more: ['keys', 'persistent'] },
  traits: () => ({ partial: true }),
  refusal,
  look,
  describe: (item) => valueOf(item) ?? 'a secret value',
  commands: (pairs) => inWritingOrder(pairs.map(({ path }) => path)).map(commandOf(pairs)),
  byHand,
  validate,
  async prepare(spec, pairs, io) {
    const values = await valuesOf(spec, pairs, io);
    return values.ok ? ok(async () => change(spec, values.value, io)) : values;
  },
  drift,
});

async function refusal({ keys }: SysctlSpec): Promise<Refusal | undefined> {
  for (const { name } of readSettings(keys, new AbortController().signal).settings) {
    const path = settingPath(name);
    try {
      if (path !== undefined) accessSync(path, constants.W_OK);
    } catch {
      const why = `user ${process.geteuid?.()} may not write ${path}`;
      return { notRestorableBecause: why, lacks: { access: 'root' } };
    }
  }
  return undefined;
}

async function look(
  { keys }: SysctlSpec,
  io: ProviderIo,
  store: boolean,
): Promise<Result<RunningLook>> {
  const { settings, unreadable, excluded } = readSettings(keys, io.signal);
  const items: StateItem[] = [];
  for (const { name, value } of settings) {
    if (!isSecretSetting(name)) {
      items.push({ path: name, attributes: { type: 'setting', value } });
      continue;
    }
    const content = await itemContent(utf8(value), store, io);
    if (!content.ok) return content;
    items.push({ path: name, attributes: { type: 'setting' }, ...content.value, secret: true });
  }
  return ok({ items, unreadable, included: keys, excluded });
}

/** A pair of no desired form is one that a command cannot bring about. */
function commandOf(pairs: readonly ItemPair[]): (name: string) => string {
  const wanted = new Map(pairs.map(({ path, to }) => [path, to]));
  return (name) => {
    const item = wanted.get(name);
    if (item === undefined) return `# ${name} is there now, and nothing takes a setting away`;
    const value = valueOf(item);
    if (value === undefined) return `# sysctl -w ${name}=… sets a secret value`;
    return `sysctl -w ${shellQuote(`${name}=${value}`)}`;
  };
}

function byHand(
  _spec: SysctlSpec | undefined,
  items: readonly StateItem[],
  folder: string,
): readonly string[] {
  const byName = new Map(items.map((item) => [item.path, item]));
  return inWritingOrder([...byName.keys()]).flatMap((name) => {
    const item = byName.get(name);
    const value = item === undefined ? undefined : valueOf(item);
    if (value !== undefined) return [`sysctl -w ${shellQuote(`${name}=${value}`)}`];
    return [`sysctl -w ${name}="$(cat ${shellQuote(folder)}/${shellQuote(name)})"`];
  });
}

async function validate(
  spec: SysctlSpec,
  now: StateImage,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  const present = new Set(now.items.map(({ path }) => path));
  const wanted = new Set(desired.items.map(({ path }) => path));
  const missing = desired.items.filter(({ path }) => !present.has(path));
  const extra = now.items.filter(({ path }) => !wanted.has(path));
  const pairs = desired.items.map((to) => ({ path: to.path, to }));
  const values = await valuesOf(spec, pairs, io);
  return ok([
    ...missing.map(({ path }) => `${path} is not there: its link or its module is missing`),
    ...extra.map(({ path }) => `${path} is there now, and nothing takes a setting away`),
    ...(values.ok ? [] : [values.error.detail]),
  ]);
}

async function valuesOf(
  { keys }: SysctlSpec,
  pairs: readonly ItemPair[],
  io: ProviderIo,
): Promise<Result<readonly Setting[]>> {
  const settings: Setting[] = [];
  for (const { path: name, to } of pairs) {
    if (!keys.some((pattern) => fitsPattern(name, pattern))) {
      return err(lgError('LG_PROVIDER_APPLY_FAILED', `${name} is not named under keys`));
    }
    if (to === undefined) {
      const what = `${name} is there now, and nothing takes a setting away`;
      return err(lgError('LG_PROVIDER_APPLY_FAILED', what));
    }
    const value = valueOf(to);
    if (value !== undefined) {
      settings.push({ name, value });
      continue;
    }
    const content = await readItemContent(to, io);
    if (!content.ok) return content;
    settings.push({ name, value: fromUtf8(content.value) });
  }
  return ok(settings);
}

/**
 * Writes what differs until nothing does. Each setting is tried, whatever becomes of another, and
 * those that were not asked for are put back where writing one changed them.
 */
function change({ keys }: SysctlSpec, wanted: readonly Setting[], io: ProviderIo): Applied {
  const read = (): ReadonlyMap<string, string> =>
    new Map(readSettings(keys, io.signal).settings.map(({ name, value }) => [name, value]));
  const desired = new Map([...read(), ...wanted.map(({ name, value }) => [name, value] as const)]);
  let isWritten = false;
  let why = '';
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const now = read();
    const left = [...desired.keys()].filter((name) => now.get(name) !== desired.get(name));
    if (left.length === 0) return { kind: 'done' };
    for (const name of inWritingOrder(left)) {
      try {
        writeSetting(name, desired.get(name) ?? '');
        isWritten = true;
      } catch (thrown) {
        why ||= `${name}: ${messageOf(thrown)}`;
      }
    }
  }
  const now = read();
  const left = [...desired.keys()].filter((name) => now.get(name) !== desired.get(name));
  if (left.length === 0) return { kind: 'done' };
  why ||= `${left[0]} does not stay as it is set`;
  return { kind: isWritten ? 'unknown' : 'failed-clean', why };
}

async function drift(
  { persistent }: SysctlSpec,
  { items }: StateImage,
): Promise<readonly string[]> {
  const running = items.filter(({ path }) => !path.startsWith('/'));
  const paths = items.flatMap(({ path, attributes: { type } }) => {
    const isNamed = persistent.includes(path);
    return type === 'file' && (isNamed || path.endsWith('.conf')) ? [{ path, isNamed }] : [];
  });
  const ordered = paths.toSorted(
    (a, b) =>
      Number(a.isNamed) - Number(b.isNamed) || (baseName(a.path) < baseName(b.path) ? -1 : 1),
  );
  const files = await Promise.all(
    ordered.map(async ({ path }) => {
      // One that went away just now sets nothing any more.
      const text = await readFile(toNodePath(path), 'utf8').catch(() => '');
      return { path, assignments: readAssignments(text) };
    }),
  );
  return settingDrift(running, files);
}
