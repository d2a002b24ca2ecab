import { createServer } from 'node:net';

/** Below Linux's ip_local_port_range, and above 10080, the last port that fetch asks nothing of. */
const PORT_MIN = 10_100;
const PORT_MAX = 20_000;

/** Where the next search of this process begins: test files that run side by side are far apart. */
let next = PORT_MIN + ((process.pid * 40) % (PORT_MAX - PORT_MIN));

/**
 * Ports that are free now and that this process names once. Nobody gets one of them by chance while
 * the daemon that shall have it starts: neither a connection nor a server that asks for any port.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let tries = PORT_MIN; tries < PORT_MAX && ports.length < count; tries += 1) {
    const port = next;
    next = port + 1 < PORT_MAX ? port + 1 : PORT_MIN;
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`no ${count} ports of 127.0.0.1 are free`);
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
