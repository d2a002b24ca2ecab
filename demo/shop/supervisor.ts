import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { isServiceName, readLayout, serviceNames, supervisorSocket } from './layout.ts';
import type { ServiceName } from './layout.ts';
import { superviseService } from './supervised-service.ts';
import type { SupervisedService } from './supervised-service.ts';

/**
 * The shop's supervisor, a process of its own: `node supervisor.ts ROOT`. Starts the four services
 * in order, prints `ready`, and then takes commands as JSON lines on a Unix socket, one answer line
 * each: `{"command":"restart","service":"checkout"}`, `{"command":"stop",…}`,
 * `{"command":"status"}`. It ends, with all services, on SIGTERM or when its standard input ends.
 */
async function main(root: string): Promise<void> {
  readLayout(root);
  const services = new Map<ServiceName, SupervisedService>(
    serviceNames.map((name) => [name, superviseService(root, name)]),
  );
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await Promise.allSettled([...services.values()].map((service) => service.stop()));
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.stdin.once('end', () => void stop());
  process.stdin.once('error', () => void stop());
  process.stdin.resume();
  for (const [name, service] of services) {
    await service.restart().catch((error: unknown) => {
      process.stderr.write(`${name} ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
      return stop();
    });
  }
  const server = createServer((socket) => takeCommands(socket, services));
  server.listen(supervisorSocket(root), () => process.stdout.write('ready\n'));
}

function takeCommands(socket: Socket, services: ReadonlyMap<ServiceName, SupervisedService>): void {
  socket.on('error', () => socket.destroy());
  const lines = createInterface({ input: socket });
  lines.on('error', () => socket.destroy());
  lines.on('line', (line) => {
    void obey(line, services)
      .catch((error: unknown) => ({
        ok: false,
        error: error instanceof Error ? error.message : String(error),
      }))
      .then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
  });
}

async function obey(
  line: string,
  services: ReadonlyMap<ServiceName, SupervisedService>,
): Promise<unknown> {
  const asked: unknown = JSON.parse(line);
  const words = new Map<string, unknown>(
    typeof asked === 'object' && asked !== null ? Object.entries(asked) : [],
  );
  const command = words.get('command');
  if (command === 'status') {
    const states = [...services].map(([name, service]) => [name, service.status()]);
    return { ok: true, services: Object.fromEntries(states) };
  }
  const name = words.get('service');
  const service = isServiceName(name) ? services.get(name) : undefined;
  if (!service) throw new Error(`there is no service ${JSON.stringify(name)}`);
  if (command === 'restart') await service.restart();
  else if (command === 'stop') await service.stop();
  else throw new Error(`there is no command ${JSON.stringify(command)}`);
  return { ok: true, services: { [String(name)]: service.status() } };
}

await main(process.argv[2] ?? '');
