import { sectionItem } from './section.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';

/** The installed packages of dpkg's status file (deb-control(5)). */
export function dpkgPackages(status: string): readonly StateItem[] {
  return status.split('\n\n').flatMap((paragraph) => {
    const name = fieldOf(paragraph, 'Package');
    const version = fieldOf(paragraph, 'Version');
    const state = fieldOf(paragraph, 'Status');
    if (name === undefined || version === undefined || state?.endsWith(' installed') !== true) {
      return [];
    }
    const held = state.startsWith('hold ') ? { held: true } : {};
    const architecture = fieldOf(paragraph, 'Architecture') ?? 'all';
    return [packageItem('deb', name, version, architecture, held)];
  });
}

/** The installed packages of apk's database: `P:`, `V:` and `A:` of each paragraph. */
export function apkPackages(installed: string): readonly StateItem[] {
  return installed.split('\n\n').flatMap((paragraph) => {
    const name = fieldOf(paragraph, 'P');
    const version = fieldOf(paragraph, 'V');
    if (name === undefined || version === undefined) return [];
    return [packageItem('apk', name, version, fieldOf(paragraph, 'A') ?? 'noarch')];
  });
}

/** What is asked of rpm: one package a line, tabs between. */
export const RPM_QUERY = [
  'rpm',
  '-qa',
  '--qf',
  String.raw`%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\t%{ARCH}\n`,
] as const;

/** The packages of `RPM_QUERY`; several versions of one (kernels) are items of their own. */
export function rpmPackages(output: string): readonly StateItem[] {
  return output.split('\n').flatMap((line) => {
    const [name = '', version = '', architecture = ''] = line.split('\t');
    if (name === '' || version === '') return [];
    return [packageItem('rpm', name, version.replace(/^0:/, ''), architecture)];
  });
}

function packageItem(
  system: string,
  name: string,
  version: string,
  architecture: string,
  more: Readonly<Record<string, boolean>> = {},
): StateItem {
  return sectionItem('packages', `${name}:${architecture}`, {
    type: 'package',
    name,
    version,
    system,
    ...more,
  });
}

/** A field at the beginning of a line; only the first line of its value is ever needed here. */
function fieldOf(paragraph: string, name: string): string | undefined {
  const mark = `${name}:`;
  const at = paragraph.startsWith(mark) ? 0 : paragraph.indexOf(`\n${mark}`) + 1;
  if (at === 0 && !paragraph.startsWith(mark)) return undefined;
  const end = paragraph.indexOf('\n', at);
  return paragraph.slice(at + mark.length, end < 0 ? undefined : end).trim();
}
