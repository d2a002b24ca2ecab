import * as fs from 'node:fs/promises';
import { join } from 'node:path';

/** Starts, stops and asks after one real process, as an init script of the LSB does. */
const SCRIPT = `#!/bin/sh
here=$2
pid=$(cat "$here/pid" 2>/dev/null)
runs() { grep -q '^State:.[RSD]' "/proc/$pid/status" 2>/dev/null; }
case $1 in
start)
  if [ -n "$pid" ] && runs; then exit 0; fi
  echo started >> "$here/restarts"
  rm -f "$here/pid"
  setsid sh -c 'echo $$ > "$0/pid.new"; echo $$ >> "$0/all"; mv "$0/pid.new" "$0/pid"
    exec sleep 600' "$here" < /dev/null > /dev/null 2>&1 &
  until [ -s "$here/pid" ]; do sleep 0.01; done
  ;;
stop)
  if [ -n "$pid" ]; then kill -9 "$pid" 2>/dev/null; fi
  while [ -n "$pid" ] && runs; do sleep 0.01; done
  rm -f "$here/pid"
  ;;
status)
  if [ -n "$pid" ] && runs; then exit 0; fi
  exit 3
  ;;
esac
`;

/** Writes the script into a service's folder. */
export async function writeControl(root: string): Promise<void> {
  await fs.writeFile(join(root, 'control'), SCRIPT, { mode: 0o755 });
}

/** The command that does something to the service of a folder. */
export function control(root: string, verb: 'start' | 'stop' | 'status'): readonly string[] {
  return ['sh', join(root, 'control'), verb, root];
}

/** Ends every process the service ever was. */
export async function endService(root: string): Promise<void> {
  const pids = await fs.readFile(join(root, 'all'), 'utf8').catch(() => '');
  for (const pid of pids.split('\n').filter((line) => line !== '')) {
    const command = await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.startsWith('sleep')) process.kill(Number(pid), 'SIGKILL');
  }
}
