import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabFailure } from './lab-failure.ts';

/** Where one stage lives: the prefix tells it from others on the same machine. */
export type StagePlace = {
  /** Begins the name of every namespace and of the stage's folder. */
  readonly prefix: string;
  readonly folder: string;
  /** True where being root is only a matter of a user namespace. */
  readonly isUnprivileged: boolean;
};

/** Interface names hold 15 characters and Unix socket paths 107; both begin with the prefix. */
const prefixPattern = /^[a-z][a-z0-9]{0,7}$/;

/** Finds the place of a stage; nothing is made. */
export function stagePlace(prefix: string, isUnprivileged: boolean): StagePlace {
  if (!prefixPattern.test(prefix)) {
    throw new LabFailure(
      `--prefix ${prefix}: want a small letter and up to seven more letters or digits`,
    );
  }
  const base = !isUnprivileged
    ? '/var/lib/lastgood-lab'
    : join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'lastgood-lab');
  // What runs in a user namespace must not be taken for the stage that root raised.
  const name = isUnprivileged ? `${prefix}-user` : prefix;
  return { prefix, folder: join(base, name), isUnprivileged };
}

/** Makes the folder. Databases drop to users of their own, who must be able to walk into it. */
export function makeFolder({ folder }: StagePlace): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
}

/**
 * Keeps everybody else from changing this stage until it is disposed of or this program ends in
 * whatever way: an abstract socket needs no cleaning.
 */
export async function holdStage({ folder }: StagePlace): Promise<Disposable> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new LabFailure(`${folder}: another lab command is changing this stage`, { cause })),
    );
    server.listen(`\0lastgood-lab:${folder}`, resolve);
  });
  server.unref();
  return { [Symbol.dispose]: () => void server.close() };
}
