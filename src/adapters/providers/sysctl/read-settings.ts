import * as fs from 'node:fs';
import { messageOf, systemCode } from '../../../base/error.ts';
import { fitsPattern } from '../../../base/name-pattern.ts';
import { isNoSetting, swapDotsAndSlashes } from '../../../linux/kernel-settings.ts';
import { isPassingLink } from '../../../model/component/passing-links.ts';

/** One setting as it is now. */
export interface Setting {
  readonly name: string;
  /** Without the line's end. */
  readonly value: string;
}

/** Settings of some patterns, and those that could not be read. */
export interface SettingsRead {
  readonly settings: readonly Setting[];
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
  readonly excluded: readonly string[];
}

const ROOT = '/proc/sys';

/** No kernel has more; a loop of folders would. */
const SETTINGS_MAX = 20_000;

/** A value is a number or a short word; a longer one is a report. */
const VALUE_CHARS_MAX = 1_024;

/** One setting of one link. */
const OF_LINK = /^net\.ipv[46]\.(?:conf|neigh)\.([^.]+)\./;

/** Every setting whose name fits one of the patterns. */
export function readSettings(patterns: readonly string[], signal: AbortSignal): SettingsRead {
  const names = new Set<string>();
  for (const pattern of patterns) {
    signal.throwIfAborted();
    if (!pattern.includes('*')) names.add(pattern);
    else for (const name of namesBelow(pattern)) names.add(name);
  }
  const settings: Setting[] = [];
  const unreadable: { path: string; why: string }[] = [];
  const excluded: string[] = [];
  for (const name of [...names].toSorted()) {
    const value = readSetting(name);
    if (typeof value === 'string') settings.push({ name, value });
    else if (value !== undefined) unreadable.push({ path: name, why: value.why });
    else excluded.push(`${name}: there is no such setting, or none that takes one value`);
  }
  return { settings, unreadable, excluded };
}

/** The path of a setting; undefined for names that lead out of /proc/sys. */
export function settingPath(name: string): string | undefined {
  const path = swapDotsAndSlashes(name);
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return undefined;
  return `${ROOT}/${path}`;
}

/** The value; undefined where there is none; why, where it may not be read. */
function readSetting(name: string): string | undefined | { readonly why: string } {
  const path = settingPath(name);
  if (path === undefined || isNoSetting(name)) return undefined;
  try {
    const stat = fs.lstatSync(path);
    // What nobody may write is told by the kernel, not set.
    if (!stat.isFile() || (stat.mode & 0o222) === 0) return undefined;
    const value = fs.readFileSync(path, 'utf8').replace(/\n$/, '');
    return value.length > VALUE_CHARS_MAX || /[\n\0]/.test(value) ? undefined : value;
  } catch (thrown) {
    const code = systemCode(thrown);
    return code === 'ENOENT' ? undefined : { why: code ?? messageOf(thrown) };
  }
}

/** Names of readable settings that fit a pattern; links of a moment are none of a host's. */
function namesBelow(pattern: string): readonly string[] {
  const fixed = pattern.slice(0, pattern.indexOf('*'));
  const start = fixed.slice(0, Math.max(0, fixed.lastIndexOf('.')));
  const first = start === '' ? ROOT : settingPath(start);
  const names: string[] = [];
  for (const waiting = first === undefined ? [] : [first]; waiting.length > 0;) {
    const folder = waiting.pop() ?? ROOT;
    for (const entry of entriesOf(folder)) {
      const path = `${folder}/${entry.name}`;
      const name = swapDotsAndSlashes(path.slice(ROOT.length + 1));
      const link = OF_LINK.exec(`${name}.`)?.[1];
      if (isNoSetting(name) || (link !== undefined && isPassingLink(link))) continue;
      if (entry.isDirectory()) waiting.push(path);
      else if (fitsPattern(name, pattern) && isSetting(path)) names.push(name);
      if (names.length > SETTINGS_MAX) throw new Error(`more than ${SETTINGS_MAX} settings`);
    }
  }
  return names;
}

/** Some can only be written to: they are orders. Others are only told. */
function isSetting(path: string): boolean {
  try {
    const { mode } = fs.statSync(path);
    return (mode & 0o444) !== 0 && (mode & 0o222) !== 0;
  } catch {
    // A link that went away meanwhile takes its settings with it.
    return false;
  }
}

function entriesOf(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'EACCES') return [];
    throw thrown;
  }
}

/** Sets one setting, in one write. Throws what the kernel says. */
export function writeSetting(name: string, value: string): void {
  const path = settingPath(name);
  if (path === undefined) throw new Error(`${name} is no name of a setting`);
  // Nothing is made and nothing is emptied: what is not there is no setting.
  const file = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NOFOLLOW);
  try {
    fs.writeSync(file, `${value}\n`);
  } finally {
    fs.closeSync(file);
  }
}
