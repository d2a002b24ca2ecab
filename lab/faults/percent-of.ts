import { LabFailure } from '../stage/lab-failure.ts';
import type { FaultCall } from './fault.ts';

/** What `--percent` says, or `usual` without it; refuses what is no share of a hundred. */
export function percentOf({ option }: FaultCall, usual: string): number {
  const text = option('percent') ?? usual;
  const percent = Number(text);
  if (percent > 0 && percent <= 100) return percent;
  throw new LabFailure(`--percent ${text}: want a number from 1 to 100`);
}
