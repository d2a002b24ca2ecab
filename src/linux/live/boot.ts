import { readFileSync } from 'node:fs';
import { parseUptime } from '../uptime.ts';

/** Names this boot of the machine: another boot has another one (random(4)). */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/**
 * Milliseconds since boot, to 10 ms: they go on during suspend and over restarts of a process,
 * where Node offers no CLOCK_BOOTTIME. Undefined when the file has another form.
 */
export function uptimeMs(): number | undefined {
  const seconds = parseUptime(readFileSync('/proc/uptime', 'utf8'));
  return seconds === undefined ? undefined : seconds * 1000;
}
