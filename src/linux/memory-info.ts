import { keyedCounts } from './proc-text.ts';

/** Memory and swap, bytes. */
export interface MemoryUse {
  readonly total: number;
  /** What programs can get without swapping: an estimate of the kernel. */
  readonly available: number;
  readonly free: number;
  readonly cached: number;
  readonly swapTotal: number;
  readonly swapUsed: number;
}

/**
 * Parses /proc/meminfo (proc_meminfo(5)); undefined when the total is absent or smaller than what
 * is available.
 */
export function parseMemory(text: string): MemoryUse | undefined {
  const counts = keyedCounts(text);
  const at = (key: string): number => counts.get(key) ?? 0;
  const total = counts.get('MemTotal');
  // Kernels before 3.14 have no estimate; free memory and caches come near it.
  const available = counts.get('MemAvailable') ?? at('MemFree') + at('Buffers') + at('Cached');
  if (total === undefined || total === 0 || available > total) return undefined;
  return {
    total,
    available,
    free: at('MemFree'),
    cached: at('Cached') + at('Buffers') + at('SReclaimable'),
    swapTotal: at('SwapTotal'),
    swapUsed: Math.max(0, at('SwapTotal') - at('SwapFree')),
  };
}
