import { counted } from '../../base/counted.ts';
import type { CheckpointManifest } from './checkpoint.ts';

/** As many as a person reads; the rest is counted. */
const NAMED_MAX = 8;

/**
 * What a checkpoint holds and what it leaves out, in sentences: whoever goes back to it must not
 * have to find out afterwards what was never in it.
 */
export function coverageText(
  manifest: Pick<CheckpointManifest, 'captures' | 'failures' | 'absent'>,
): readonly string[] {
  const { captures, failures, absent = [] } = manifest;
  const components = [...new Set(captures.map(({ component }) => component))];
  const items = captures.reduce((sum, capture) => sum + capture.items, 0);
  const bytes = captures.reduce((sum, capture) => sum + capture.bytes, 0);
  const size = `${counted(items, 'item')}, ${counted(bytes, 'byte')}`;
  const holds = `holds ${counted(captures.length, 'state')} of ${listed(components)}: ${size}`;
  const compared = captures.filter(({ compareOnly }) => compareOnly).map(({ state }) => state);
  const leftOut = captures.reduce((sum, { coverage }) => sum + coverage.excluded.length, 0);
  return [
    holds,
    ...(compared.length === 0 ? [] : [`compares only, never restores: ${listed(compared)}`]),
    ...(leftOut === 0 ? [] : [`leaves out within them: ${counted(leftOut, 'thing')}, each named`]),
    ...(failures.length === 0
      ? []
      : [`could not capture: ${listed(failures.map(({ state }) => state))}`]),
    ...(absent.length === 0 ? [] : [`holds nothing of: ${listed(absent)}`]),
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED_MAX;
  const named = names.slice(0, NAMED_MAX).join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}
