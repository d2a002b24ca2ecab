import { linesOf } from './proc-text.ts';

/** The resources the kernel watches for stalls. */
export const PRESSURE_RESOURCES = ['cpu', 'memory', 'io'] as const;

/** One line of /proc/pressure/*: how long tasks stood still for want of the resource. */
export interface Pressure {
  readonly resource: (typeof PRESSURE_RESOURCES)[number];
  /** some: at least one task stood; full: all of them did, so no work was done at all. */
  readonly kind: 'some' | 'full';
  /** Microseconds since boot. */
  readonly stalledUs: number;
}

/** Parses a file of pressure stall information, see accounting/psi.rst in the kernel. */
export function parsePressure(
  resource: Pressure['resource'],
  text: string,
): readonly Pressure[] | undefined {
  const found: Pressure[] = [];
  for (const line of linesOf(text, 4)) {
    const match = /^(some|full) avg10=[\d.]+ .*total=(\d{1,20})$/.exec(line);
    if (match === null) return undefined;
    // Kernels from 5.13 on write "full" for cpu too, for the whole host always 0.
    const kind = match[1] === 'some' ? 'some' : 'full';
    if (resource === 'cpu' && kind === 'full') continue;
    found.push({ resource, kind, stalledUs: Number(match[2]) });
  }
  return found.length === 0 ? undefined : found;
}
