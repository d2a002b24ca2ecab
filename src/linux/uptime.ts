/** Seconds since boot, suspended or not, of /proc/uptime (proc_uptime(5)). */
export function parseUptime(text: string): number | undefined {
  const match = /^(\d{1,12}\.\d\d) /.exec(text);
  return match === null ? undefined : Number(match[1]);
}
