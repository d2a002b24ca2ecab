import type { ProcessIdentity } from './process-identity.ts';

/** One command with its arguments; never a line for a shell to take apart. */
export type Command = readonly [program: string, ...args: string[]];

/** A program that runs in the foreground until it is killed. */
export type DaemonProgram = {
  readonly command: Command;
  /** Beside what this program's own environment holds. */
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  /** Its output, appended. */
  readonly logFile: string;
};

/** One step that undoes a fault. Taking it twice, or when nothing was done, does no harm. */
export type Undo =
  | { readonly kind: 'command'; readonly command: Command }
  /** Sent to exactly this process, if it still runs. */
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals; readonly identity: ProcessIdentity }
  /** Starts a process of a part again if it has died. */
  | { readonly kind: 'revive'; readonly part: string; readonly process: string }
  /** Ends a process that a fault has launched. */
  | { readonly kind: 'end'; readonly process: string }
  /** Sees that a process the lab has launched runs by this command and no other. */
  | {
      readonly kind: 'run-by';
      readonly part: string;
      readonly process: string;
      readonly command: Command;
    };

/** Something on this machine that must not outlive the stage, written down before it is made. */
export type Thing =
  | { readonly kind: 'namespace'; readonly name: string }
  | {
      readonly kind: 'process';
      readonly name: string;
      readonly identity: ProcessIdentity;
      /** Enough to start it again in the same way. */
      readonly program: DaemonProgram;
    }
  /** The nftables rules of a namespace. */
  | { readonly kind: 'rules'; readonly namespace: string }
  | { readonly kind: 'mount'; readonly path: string }
  /** A file or folder outside the folder of the stage, with all that is in it. */
  | { readonly kind: 'path'; readonly path: string }
  /** A fault, and the steps that undo it, in order. */
  | {
      readonly kind: 'fault';
      readonly name: string;
      /** What is wrong, for people. */
      readonly what: string;
      readonly undo: readonly Undo[];
    }
  /** The part came up and answered its check. */
  | { readonly kind: 'ready' }
  /** A port of the host's own loopback that this part keeps. */
  | { readonly kind: 'port'; readonly name: string; readonly port: number };

/** A thing and whose it is. */
export type Entry = { readonly id: string; readonly part: string; readonly thing: Thing };
