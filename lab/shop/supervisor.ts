import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { isServiceName, readLayout, serviceNames, supervisorSocket } from './layout.ts';
import type { ServiceName } from './layout.ts';
import { superviseService } from './supervised-service.ts';
import type { SupervisedService } from './supervised-service.ts';

type Services = ReadonlyMap<ServiceName, SupervisedService>;

/**
 * The shop's supervisor: `node supervisor.ts ROOT`. Starts the four services and takes commands as
 * JSON lines on a Unix socket, one answer line each: `{"command":"restart","service":"checkout"}`,
 * `start`, `stop`, `{"command":"status"}`. It ends, with all services, on SIGTERM. A service that
 * does not start is told on standard error and in the status; the others sell on.
 */
async function main(root: string): Promise<void> {
  const layout = readLayout(root);
  const services: Services = new Map(
    serviceNames.map((name) => [name, superviseService(layout, name)]),
  );
  process.once('SIGTERM', () => {
    void Promise.allSettled([...services.values()].map((service) => service.stop())).then(() =>
      process.exit(0),
    );
  });
  const starts = [...services].map(async ([name, service]) => {
    await service.start().catch((error: unknown) => {
      process.stderr.write(`${name} ${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  await Promise.all(starts);
  // A socket that is here belongs to a supervisor that was killed: there is one for each folder.
  rmSync(supervisorSocket(root), { force: true });
  createServer((socket) => takeCommands(socket, services)).listen(supervisorSocket(root));
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
  const service = isServiceName(name) ? services.get(name) : undefined;
  if (!isServiceName(name) || !service) throw new Error(`no service ${JSON.stringify(name)}`);
  if (command === 'stop' || command === 'restart') await service.stop();
  if (command === 'start' || command === 'restart') await service.start();
  else if (command !== 'stop') throw new Error(`no command ${JSON.stringify(command)}`);
  return { pids: pidsOf([[name, service]]) };
}

/** JSON leaves undefined out, so what does not run is null. */
function pidsOf(services: readonly (readonly [ServiceName, SupervisedService])[]): object {
  return Object.fromEntries(services.map(([name, service]) => [name, service.pid() ?? null]));
}

await main(process.argv[2] ?? '');
