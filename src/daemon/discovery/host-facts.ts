import type { ComponentKind } from '../../model/component/component.ts';

/** A program that waits for others on TCP. */
export interface SeenListener {
  readonly address: string;
  readonly port: number;
  /** As people call it; `UNKNOWN_PROGRAM` where it belongs to a user we may not look at. */
  readonly program: string;
  /** The systemd unit it runs in. */
  readonly unit?: string;
  /** A path that answered a GET, and with which status. */
  readonly http?: { readonly path: string; readonly status: number };
}

/** A log file that is there. */
export interface SeenLog {
  /** A file, or a pattern of such. */
  readonly path: string;
  /** Name of the source it is read by, with others. */
  readonly source: string;
  /** The component that writes it, or the service it is known as; absent for the system's own. */
  readonly component?: string;
  readonly service?: string;
  /** Why the daemon could not read it, with the grant; absent when it can. */
  readonly refusal?: string;
}

/** A running container, as its engine tells. */
export interface SeenContainer {
  readonly name: string;
  readonly image: string;
  readonly engine: 'docker' | 'podman';
  /** Published TCP ports of this host. */
  readonly ports: readonly number[];
}

/** Everything that `init` writes a configuration from. Holds no secrets and no arguments. */
export interface HostFacts {
  readonly host: string;
  readonly kind: ComponentKind;
  readonly listeners: readonly SeenListener[];
  readonly containers: readonly SeenContainer[];
  readonly logs: readonly SeenLog[];
  /** The journal holds records here. */
  readonly hasJournal: boolean;
  /** There is a kernel's log that no journal or file tells. */
  readonly hasKernelLog: boolean;
  /** Why the daemon would not read all of it, with the grant. */
  readonly journalRefusal?: string | undefined;
  /** Those of the known configuration folders and pid files that are there. */
  readonly places: ReadonlySet<string>;
  /** Those of the known programs that can be run. */
  readonly tools: ReadonlySet<string>;
  /** What could not be looked at, and why. */
  readonly remarks: readonly string[];
}
