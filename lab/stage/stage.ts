import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Book } from './book.ts';
import { freePort } from './free-port.ts';
import { launch } from './launch.ts';
import { markVariable } from './mark.ts';
import { ownClock } from './own-clock.ts';
import { runCommand, tryCommand, type CommandOptions, type CommandOutput } from './run-command.ts';
import { relaunch } from './relaunch.ts';
import type { StagePlace } from './stage-place.ts';
import type { Command, Thing } from './thing.ts';

/** How a command runs on the stage. */
export type RunOptions = CommandOptions & {
  /** Short name such as `fw`; without one the command runs in the host's own network. */
  readonly namespace?: string;
  /** The system user to become; without one the command runs as we do. */
  readonly user?: string;
};

/** A daemon of a part. */
export type DaemonOptions = RunOptions & {
  /** Tells it from other daemons of the part; its output goes to `NAME.log`. */
  readonly name: string;
  readonly command: Command;
  readonly directory?: string;
  /** Its clock can be set apart from the host's: see `own-clock.ts`. */
  readonly hasOwnClock?: true;
};

/** The stage as one part sees it. Whatever it makes is in the book before it exists. */
export type Stage = StagePlace & {
  /** The full name of a network namespace: `fw` is `lgd-fw`. */
  readonly namespace: (short: string) => string;
  /** A folder of this part, made when missing: `FOLDER/PART/…path`. Gone with the part. */
  readonly partFolder: (...path: readonly string[]) => string;
  /** Runs a command that must succeed and ends by itself; resolves with its output. */
  readonly run: (command: Command, options?: RunOptions) => Promise<string>;
  /** The same where failing is an answer too. */
  readonly attempt: (command: Command, options?: RunOptions) => Promise<CommandOutput>;
  /** Starts a daemon in the foreground, with its output in `FOLDER/PART/NAME.log`. */
  readonly launch: (options: DaemonOptions) => Promise<void>;
  /** Ends a daemon of this part, if it still runs, and starts it again as it was started. */
  readonly relaunch: (name: string) => Promise<void>;
  /** Writes a thing into the book; call it before making the thing. */
  readonly claim: (thing: Thing) => void;
  /** A folder of this part with a file system of its own, small enough to be filled on purpose. */
  readonly mountSmallDisk: (name: string, megabytes: number) => Promise<string>;
  /** A port free on the host's loopback, the same at every call as long as the part stands. */
  readonly hostPort: (name: string) => Promise<number>;
};

/** The stage as `part` sees it. */
export function stageOf(place: StagePlace, book: Book, part: string): Stage {
  const environment = { ...process.env, LC_ALL: 'C', [markVariable]: place.folder };
  const partFolder = (...path: readonly string[]): string => {
    const folder = join(place.folder, part, ...path);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    return folder;
  };
  const prepare = (options: RunOptions): RunOptions => ({
    ...options,
    environment: { ...environment, ...options.environment },
  });
  const stage: Stage = {
    ...place,
    namespace: (short) => `${place.prefix}-${short}`,
    partFolder,
    run: (command, options = {}) => runCommand(placed(stage, command, options), prepare(options)),
    attempt: (command, options = {}) =>
      tryCommand(placed(stage, command, options), prepare(options)),
    launch: ({ name, command, directory, hasOwnClock, ...options }) => {
      const clock = hasOwnClock ? ownClock(join(partFolder(), `${name}.clock`)) : [];
      const [first, ...rest] = [...clock, ...command];
      const program = {
        command: placed(stage, [first ?? '', ...rest], options),
        environment: { LC_ALL: 'C', [markVariable]: place.folder, ...options.environment },
        directory: directory ?? partFolder(),
        logFile: join(partFolder(), `${name}.log`),
      };
      return launch(program, (identity) => {
        book.add(part, { kind: 'process', name, identity, program });
      });
    },
    relaunch: (name) => relaunch(book, part, name),
    mountSmallDisk: async (name, megabytes) => {
      const path = partFolder(name);
      book.add(part, { kind: 'mount', path });
      const options = `size=${megabytes}m,mode=755`;
      await runCommand(['mount', '-t', 'tmpfs', '-o', options, 'lastgood-lab', path]);
      return path;
    },
    claim: (thing) => void book.add(part, thing),
    hostPort: async (name) => {
      for (const entry of book.entries()) {
        const { thing } = entry;
        if (entry.part === part && thing.kind === 'port' && thing.name === name) return thing.port;
      }
      const port = await freePort();
      book.add(part, { kind: 'port', name, port });
      return port;
    },
  };
  return stage;
}

/** Neither program forks: the process that starts is the one that becomes the daemon. */
function placed(stage: Stage, command: Command, { namespace, user }: RunOptions): Command {
  const inner: Command =
    user === undefined
      ? command
      : ['setpriv', '--reuid', user, '--regid', user, '--init-groups', '--', ...command];
  return namespace === undefined
    ? inner
    : ['ip', 'netns', 'exec', stage.namespace(namespace), ...inner];
}
