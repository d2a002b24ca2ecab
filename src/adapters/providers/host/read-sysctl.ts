import * as fs from 'node:fs';
import { systemCode } from '../../../base/error.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { isNoSetting, isSecretSetting } from '../../../linux/kernel-settings.ts';
import { isPassingLink } from '../../../model/component/passing-links.ts';
import { readText, type ReadSection } from './host-access.ts';
import { sectionItem } from './section.ts';

const ROOT = '/proc/sys';

/** A setting of one network link; a dot in its name is written as a slash there, by us as `~`. */
const OF_LINK = /^net\.ipv[46]\.(?:conf|neigh)\.([^.]+)/;

/** Whether a setting is left out: a counter, of a passing link, changes by itself or a secret. */
export function isLeftOut(name: string): boolean {
  const link = OF_LINK.exec(name)?.[1];
  return isNoSetting(name) || isSecretSetting(name) || (link !== undefined && isPassingLink(link));
}

/** No kernel has more; a loop of folders would. */
const SETTINGS_MAX = 20_000;
/** A value is a number or a short word; a longer one is a report. */
const VALUE_CHARS_MAX = 1_024;
const OTHERS_READ = 0o004;

/** Every kernel setting that everybody may read, but for counters and what changes by itself. */
export const readSysctl: ReadSection = async ({ breather, io }) => {
  const items: StateItem[] = [];
  const waiting = [ROOT];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    io.signal.throwIfAborted();
    await breather.breathe();
    for (const entry of namesIn(folder)) {
      const path = `${folder}/${entry.name}`;
      const name = path
        .slice(ROOT.length + 1)
        .replaceAll('.', '~')
        .replaceAll('/', '.');
      if (isLeftOut(name)) continue;
      if (entry.isDirectory()) waiting.push(path);
      else {
        const value = valueOf(path);
        if (value === undefined) continue;
        items.push(sectionItem('sysctl', name, { type: 'setting', name, value }));
      }
      if (items.length > SETTINGS_MAX) throw new Error(`more than ${SETTINGS_MAX} settings`);
    }
  }
  const excluded = ['kernel settings that count, change by themselves or are secret'];
  return { items, unreadable: [], excluded };
};

/** A link that went away meanwhile takes its settings with it. */
function namesIn(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'EACCES') return [];
    throw thrown;
  }
}

/** Undefined for what only root may read, and for what cannot be read just now. */
function valueOf(path: string): string | undefined {
  try {
    if ((fs.statSync(path).mode & OTHERS_READ) === 0) return undefined;
    const value = readText(path).trim().replaceAll(/\s+/g, ' ');
    return value.length > VALUE_CHARS_MAX ? undefined : value;
  } catch {
    return undefined;
  }
}
