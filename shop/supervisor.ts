import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { readLayout, supervisorSocket } from './layout.ts';
import { superviseService } from './supervised-service.ts';
import type { SupervisedService } from './supervised-service.ts';

type Services = ReadonlyMap<string, SupervisedService>;

/**
 * A shop's supervisor: `node supervisor.ts ROOT [--with-starter]`. Starts the services, prints
 * `ready` or which of them did not start, and takes commands as JSON lines on a Unix socket, one
 * answer line each: `{"command":"restart","service":"checkout"}`, `start`, `stop`,
 * `{"command":"status"}`. A service that does not start is told on standard error and in the
 * status; the others sell on. It ends, with all services, on SIGTERM, and `--with-starter` also
 * when its standard input does, so that a shop never outlives who started it.
 */
async function main(root: string, manner: string | undefined): Promise<void> {
  const layout = readLayout(root);
  const services: Services = new Map(
    Object.keys(layout.ports).map((name) => [name, superviseService(layout, name)]),
  );
  stopOnRequest(services, manner === '--with-starter');
  const failed: string[] = [];
  const starts = [...services].map(async ([name, service]) => {
    await service.start().catch((error: unknown) => {
      failed.push(name);
      process.stderr.write(`${name} ${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  await Promise.all(starts);
  // A socket that is here belongs to a supervisor that was killed: there is one for each folder.
  rmSync(supervisorSocket(root), { force: true });
  createServer((socket) => takeCommands(socket, services)).listen(supervisorSocket(root), () => {
    process.stdout.write(failed.length === 0 ? 'ready\n' : `not started: ${failed.join(', ')}\n`);
  });
}

function stopOnRequest(services: Services, isWithStarter: boolean): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await Promise.allSettled([...services.values()].map((service) => service.stop()));
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  if (!isWithStarter) return;
  process.stdin.once('end', () => void stop());
  process.stdin.once('error', () => void stop());
  process.stdin.resume();
}

function takeCommands(socket: Socket, services: Services): void {
  socket.on('error', () => socket.destroy());
  const lines = createInterface({ input: socket });
  lines.on('error', () => socket.destroy());
  lines.on('line', (line) => {
    void obey(line, services)
      .catch((error: unknown) => ({
        error: error instanceof Error ? error.message : String(error),
      }))
      .then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
  });
}

async function obey(line: string, services: Services): Promise<unknown> {
  const asked: unknown = JSON.parse(line);
  const words = new Map<string, unknown>(
    typeof asked === 'object' && asked !== null ? Object.entries(asked) : [],
  );
  const command = words.get('command');
  if (command === 'status') return { pids: pidsOf([...services]) };
  const name = words.get('service');
  const service = typeof name === 'string' ? services.get(name) : undefined;
  if (typeof name !== 'string' || !service) throw new Error(`no service ${JSON.stringify(name)}`);
  if (command === 'start') await service.start();
  else if (command === 'restart') await service.restart();
  else if (command === 'stop') await service.stop();
  else throw new Error(`no command ${JSON.stringify(command)}`);
  return { pids: pidsOf([[name, service]]) };
}

/** JSON leaves undefined out, so what does not run is null. */
function pidsOf(services: readonly (readonly [string, SupervisedService])[]): object {
  return Object.fromEntries(services.map(([name, service]) => [name, service.pid() ?? null]));
}

await main(process.argv[2] ?? '', process.argv[3]);
