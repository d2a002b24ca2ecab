import { createServer } from 'node:net';

/**
 * Below the range from which Linux (32768 up) and macOS (49152 up) give ports to clients, so that
 * a port found free is not taken by somebody's outgoing connection a moment later.
 */
const portMin = 20_000;
const portMax = 32_000;
/** That this many random ports are all taken means something else is wrong. */
const triesMax = 200;

/** Finds `count` different ports of 127.0.0.1 that nobody listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let tries = 0; tries < triesMax && found.size < count; tries += 1) {
    const port = portMin + Math.floor(Math.random() * (portMax - portMin));
    if (await isFree(port)) found.add(port);
  }
  if (found.size < count) throw new Error(`found no ${count} free ports on 127.0.0.1`);
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
