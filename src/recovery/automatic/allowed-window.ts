import { toUnixMs, type TimeNs } from '../../base/time.ts';
import { WEEKDAYS } from '../../model/run/weekdays.ts';
import type { AllowedWindow } from './policy.ts';

/** Whether an instant lies within one of the windows; without any, every instant does. */
export function isAllowedAt(windows: readonly AllowedWindow[] | undefined, now: TimeNs): boolean {
  return windows === undefined || windows.some((window) => isWithin(window, now));
}

function isWithin({ days, from, to, timeZone }: AllowedWindow, now: TimeNs): boolean {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(toUnixMs(now));
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((one) => one.type === type)?.value ?? '';
  const day = WEEKDAYS.find((name) => name === part('weekday').toLowerCase());
  const time = `${part('hour')}:${part('minute')}`;
  return day !== undefined && days.includes(day) && from <= time && time < to;
}
