import type { Pause, Quiesce } from './pause.ts';

/** What a component is: a piece of hardware, a place where programs run, or a program. */
export const COMPONENT_KINDS = [
  'network-device',
  'firewall',
  'server',
  'vm',
  'container',
  'application',
  'database',
  'queue',
  'cache',
] as const;

/** One of `COMPONENT_KINDS`. */
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** One restorable part of a component: a provider and what it shall look after. */
export interface StateSpec {
  /** `<component>/<provider>`, with `#n` behind it from the second of a kind on. */
  readonly id: string;
  readonly component: string;
  readonly provider: string;
  /** Already parsed by the provider's own schema. */
  readonly spec: unknown;
  /** The host whose runner looks after it, as its component says; absent: this machine. */
  readonly host?: string;
  /** Who else writes it and is paused while a rollback does; absent: nobody that was named. */
  readonly writers?: readonly Pause[];
  /** What makes it stand still while it is captured; absent: it is read as it moves. */
  readonly quiesce?: Quiesce;
}

/** One health probe of a component. */
export type HealthProbe = Asked & {
  /** What it asks depends on others than us: red, it alone makes nothing bad. */
  readonly external?: true;
};

type Asked =
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly expect: number;
      readonly timeoutMs: number;
    }
  | {
      readonly kind: 'tcp';
      readonly address: string;
      readonly port: number;
      readonly timeoutMs: number;
    }
  | {
      readonly kind: 'command';
      readonly command: readonly string[];
      readonly timeoutMs: number;
      /** The host whose runner runs it; absent: that of its component. */
      readonly host?: string;
    };

/** A node of the inventory. */
export interface Component {
  readonly name: string;
  readonly kind: ComponentKind;
  /** The host runner that looks after its states; absent: that of this machine. */
  readonly host?: string;
  /** Names of the components this one calls or stands on. */
  readonly dependsOn: readonly string[];
  readonly state: readonly StateSpec[];
  readonly health: readonly HealthProbe[];
  /** Asked anew before a confirm is accepted; a command without a host runs on this machine. */
  readonly reach?: readonly HealthProbe[];
  readonly requires: Requires;
}

/** What a component must send; the glossary says what the names mean. */
export interface Requires {
  readonly logs: readonly string[];
  readonly traces: readonly string[];
  readonly events: readonly string[];
  /** Logs and traces whose newest record came longer ago are missing. */
  readonly withinMs: number;
}

/** A day: what logs once a night is not silent. */
export const REQUIRES_WITHIN_MS = 86_400_000;
