import { keyedCounts } from './proc-text.ts';

/** Pages of swap read and written since boot, from /proc/vmstat (proc_vmstat(5)). */
export function parseSwapTraffic(
  text: string,
): { readonly pagesIn: number; readonly pagesOut: number } | undefined {
  const counts = keyedCounts(text);
  const [pagesIn, pagesOut] = [counts.get('pswpin'), counts.get('pswpout')];
  return pagesIn === undefined || pagesOut === undefined ? undefined : { pagesIn, pagesOut };
}
