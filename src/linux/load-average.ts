/** Running and waiting on average over a minute, from /proc/loadavg (proc_loadavg(5)). */
export function parseLoad(text: string): number | undefined {
  const match = /^(\d{1,9}\.\d\d) \d{1,9}\.\d\d \d{1,9}\.\d\d /.exec(text);
  return match === null ? undefined : Number(match[1]);
}
