import { isServiceName } from './layout.ts';
import { callSupervisor } from './supervisor-call.ts';

/**
 * The shop's command line: `node shopctl.ts ROOT status|restart|stop [SERVICE]`. This is what the
 * `restart` of a deployment calls. Exits 0 when done, 1 with the reason when not, 2 on misuse.
 */
async function main(root: string, command: string, service: string): Promise<number> {
  if (command === 'status') {
    for (const [name, pid] of await callSupervisor(root, { command })) {
      process.stdout.write(`${name} ${pid === undefined ? 'not running' : `pid ${pid}`}\n`);
    }
    return 0;
  }
  if ((command !== 'restart' && command !== 'stop') || !isServiceName(service)) {
    process.stderr.write('usage: shopctl ROOT status|restart|stop [SERVICE]\n');
    return 2;
  }
  const states = await callSupervisor(root, { command, service });
  const pid = states.get(service);
  process.stdout.write(`${service} ${pid === undefined ? 'stopped' : `runs as pid ${pid}`}\n`);
  return 0;
}

const [root = '', command = '', service = ''] = process.argv.slice(2);
process.exitCode = await main(root, command, service).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
