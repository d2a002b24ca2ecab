import { fitsPattern } from '../../../base/name-pattern.ts';
import type { Assignment } from '../../../linux/kernel-settings.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';

/**
 * Names in the order in which they are written: forwarding first, because the kernel resets
 * settings of every link with it, then what holds for all links and what new ones begin with, then
 * single links.
 */
export function inWritingOrder(names: readonly string[]): readonly string[] {
  const rank = (name: string): number => {
    if (/^net\.ipv4\.ip_forward$|\.conf\.all\.(mc_)?forwarding$/.test(name)) return 0;
    if (/\.(conf|neigh)\.all\./.test(name)) return 1;
    return /\.(conf|neigh)\.default\./.test(name) ? 2 : 3;
  };
  return names.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
}

/** The value of a setting that is no secret. */
export function valueOf({ attributes }: StateItem): string | undefined {
  const value = attributes['value'];
  return typeof value === 'string' ? value : undefined;
}

/** Where the last assignment of a file differs from what runs; a setting none names is not told. */
export function settingDrift(
  items: readonly StateItem[],
  files: readonly { readonly path: string; readonly assignments: readonly Assignment[] }[],
): readonly string[] {
  return items.flatMap((item) => {
    const last = files
      .flatMap(({ path, assignments }) => assignments.map((one) => ({ path, ...one })))
      .findLast(({ name }) => fitsPattern(item.path, name));
    const value = valueOf(item);
    if (last === undefined || value === undefined) return [];
    if (words(value) === words(last.value)) return [];
    return [`${item.path} is ${value}, and ${last.path} sets it to ${last.value}`];
  });
}

/** The kernel puts tabs between numbers, people put spaces. */
function words(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}
