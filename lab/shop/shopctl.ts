import { existsSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { currentLink, isServiceName } from './layout.ts';
import type { ServiceName } from './layout.ts';
import { callSupervisor } from './supervisor-call.ts';

const usage = `usage: shopctl ROOT status [SERVICE]
       shopctl ROOT start|stop|restart SERVICE
       shopctl ROOT deploy SERVICE RELEASE
`;

/**
 * The shop's command line, which people and the `restart` of a deployment use. Exits 0 when done,
 * 1 with the reason when not, 2 on misuse; `status SERVICE` exits 3 when it does not run.
 */
async function main(args: readonly string[]): Promise<number> {
  const [root = '', command = '', service = '', release = ''] = args;
  if (command === 'status') return status(root, service);
  if (!isServiceName(service)) return misuse();
  switch (command) {
    case 'start':
    case 'stop':
    case 'restart':
      return obeyed(root, command, service);
    case 'deploy':
      switchRelease(root, service, release);
      return obeyed(root, 'restart', service);
    default:
      return misuse();
  }
}

function misuse(): number {
  process.stderr.write(usage);
  return 2;
}

async function status(root: string, service: string): Promise<number> {
  const pids = await callSupervisor(root, { command: 'status' });
  for (const [name, pid] of pids) {
    if (service === '' || service === name) process.stdout.write(`${name} ${stateOf(pid)}\n`);
  }
  return service === '' || pids.get(service) !== undefined ? 0 : 3;
}

async function obeyed(
  root: string,
  command: 'start' | 'stop' | 'restart',
  service: ServiceName,
): Promise<number> {
  const pids = await callSupervisor(root, { command, service });
  process.stdout.write(`${service} ${stateOf(pids.get(service))}\n`);
  return 0;
}

const stateOf = (pid: number | undefined): string =>
  pid === undefined ? 'does not run' : `runs as pid ${pid}`;

/** Points `current` at another release in one rename, so that there is a release at any moment. */
function switchRelease(root: string, service: ServiceName, release: string): void {
  const link = currentLink(root, service);
  const wanted = join('releases', release);
  if (release === '' || !existsSync(join(dirname(link), wanted, 'release.json'))) {
    throw new Error(`${service} has no release ${JSON.stringify(release)}`);
  }
  const fresh = `${link}.${process.pid}`;
  symlinkSync(wanted, fresh);
  renameSync(fresh, link);
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
