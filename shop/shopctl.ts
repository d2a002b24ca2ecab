import { readLayout } from './layout.ts';
import { switchRelease } from './release.ts';
import { callSupervisor } from './supervisor-call.ts';

const usage = `usage: shopctl ROOT status [SERVICE]
       shopctl ROOT start|stop|restart SERVICE
       shopctl ROOT deploy SERVICE RELEASE
`;

/**
 * A shop's command line, which people and the `restart` of a deployment use. Exits 0 when done,
 * 1 with the reason when not, 2 on misuse; `status SERVICE` exits 3 when it does not run.
 */
async function main(args: readonly string[]): Promise<number> {
  const [root = '', command = '', service = '', release = ''] = args;
  if (command === 'status') return status(root, service);
  if (!Object.hasOwn(readLayout(root).ports, service)) return misuse();
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
  service: string,
): Promise<number> {
  const pids = await callSupervisor(root, { command, service });
  process.stdout.write(`${service} ${stateOf(pids.get(service))}\n`);
  return 0;
}

const stateOf = (pid: number | undefined): string =>
  pid === undefined ? 'does not run' : `runs as pid ${pid}`;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
