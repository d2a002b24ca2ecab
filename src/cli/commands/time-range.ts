import { fromUnixMs, parseDuration, parseRfc3339, toRfc3339 } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** The options that say from when to when. */
export interface TimeRangeOptions {
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The range of the options as RFC 3339, ends absent where none were given; LG_RUNTIME_USAGE. */
export function timeRange(
  options: TimeRangeOptions,
  nowMs: number,
): { readonly from: string | undefined; readonly to: string | undefined } {
  const { since } = options;
  if (since !== undefined && options.from !== undefined) {
    throw usage('--since and --from both say where to begin; leave one out');
  }
  const from = since === undefined ? timeOf('--from', options.from) : sinceOf(since, nowMs);
  const to = timeOf('--to', options.to);
  if (
    from !== undefined &&
    to !== undefined &&
    (parseRfc3339(from) ?? 0n) >= (parseRfc3339(to) ?? 0n)
  ) {
    throw usage(`--to "${to}" is not after the beginning, ${from}`);
  }
  return { from, to };
}

function timeOf(option: string, text: string | undefined): string | undefined {
  if (text === undefined || parseRfc3339(text) !== undefined) return text;
  throw usage(`${option} is "${text}"; write a time as 2026-11-21T14:30:00Z`);
}

function sinceOf(text: string, nowMs: number): string {
  const ms = parseDuration(text);
  if (ms === undefined) throw usage(`--since is "${text}"; write 15m, 2h, 1d`);
  return toRfc3339(fromUnixMs(nowMs - ms));
}

function usage(detail: string): Error {
  return lgError('LG_RUNTIME_USAGE', detail);
}
