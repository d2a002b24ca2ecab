import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Asks for the health of a daemon all the time, from a process that does nothing else. */
export interface HealthWatch {
  /** Ends it; milliseconds of every answer, in ascending order. Throws on an answer but 200. */
  end(): Promise<readonly number[]>;
}

/** Starts asking. Whoever floods a daemon in the same thread would measure its own waiting. */
export function watchHealth(url: string): HealthWatch {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const times: number[] = [];
  const failures: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (/^[\d.]+$/.test(line)) times.push(Number(line));
    else failures.push(line);
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    async end() {
      child.stdin.end();
      await closed;
      if (failures.length > 0) throw new Error(`health: ${failures.join('; ').slice(0, 500)}`);
      return times.toSorted((a, b) => a - b);
    },
  };
}

async function ask(url: string): Promise<void> {
  const ended = new Promise<void>((resolve) => process.stdin.on('end', resolve).resume());
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const began = performance.now();
    try {
      const { status } = await fetch(`${url}/api/v1/health`);
      console.log(status === 200 ? (performance.now() - began).toFixed(1) : `answered ${status}`);
    } catch (error) {
      console.log(`failed: ${String(error)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

if (import.meta.main) await ask(process.argv[2] ?? '');
