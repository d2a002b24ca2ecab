import type { BlobHash } from '../model/checkpoint/capture.ts';
import type { StateSpec } from '../model/component/component.ts';
import type { ProviderClient } from '../ports/provider-client.ts';
import type { Applied, Provider } from '../ports/provider.ts';
import type { Vault } from '../ports/vault.ts';

/** A host runner at work over the subject's own data. */
export interface HostAtWork {
  readonly client: ProviderClient;
  readonly vault: Pick<Vault, 'get' | 'put' | 'flush'>;
  stop(): Promise<void>;
}

/** What one apply is asked to do. */
export interface ApplyOrder {
  readonly desired: BlobHash;
  readonly paths: readonly string[];
  readonly expects: string;
  readonly runToken: number;
}

/** What happens to the process of an apply. */
export type Mishap =
  /** It is killed after so many operations that change something outside of it. */
  | { readonly kind: 'kill'; readonly afterOperation: number }
  /** That operation fails: a call with EIO, a command with exit code 1. */
  | { readonly kind: 'fail'; readonly afterOperation: number }
  /** It is killed so long after it began, alone or with every command it started. */
  | { readonly kind: 'kill-at'; readonly afterMs: number; readonly withCommands: boolean }
  | { readonly kind: 'full-disk' }
  /** No network but what the target itself is; absent where the target is a network. */
  | { readonly kind: 'offline' };

/** How an apply in a process of its own ended. */
export interface ChildApply {
  readonly ended: Applied | { readonly kind: 'killed' } | { readonly kind: `LG_${string}` };
  /** Whether the mishap came before the end. */
  readonly isStruck: boolean;
  /** Absent when it was killed. */
  readonly tookMs?: number;
}

/** What an adapter brings to be tested: a target with two forms, and hosts that reach it. */
export interface ProviderSubject {
  readonly provider: Provider<unknown>;
  readonly state: StateSpec;
  /** A state of the same provider whose target never answers the method; absent: it always does. */
  readonly stuck?: {
    readonly state: StateSpec;
    readonly method: 'observe' | 'apply';
    /** Lets the target hang from now on, where it does not do so by itself. */
    hang?(): Promise<void>;
  };
  /** A text in the target's secret content; no diff may show it. */
  readonly secret: string;
  /** Whether an apply of form `one` writes more than fits a full disk. */
  readonly needsDisk: boolean;
  /**
   * Where an apply has too many operations to strike each in one run: only every so-many-th is,
   * and each run begins at another one; an account is written of all. Absent: each is.
   */
  readonly stride?: number;
  /** Starts a host; one at a time. `deadlineMs` shortens every call. */
  host(deadlineMs?: number): Promise<HostAtWork>;
  /** Starts a host in which somebody else acts before each content is handed to an apply. */
  hostWith(meanwhile: () => Promise<void>): Promise<HostAtWork>;
  /** Changes a little of what an apply would change, as a colleague by hand would. */
  meddle(): Promise<void>;
  /** Gives the target one of its forms, by hand, as somebody else would. */
  shape(form: 'one' | 'two' | 'foreign'): Promise<void>;
  /**
   * The target as its own tools show it, byte for byte and without the provider: what a claim of
   * `exactness: 'bytes'` is judged by.
   */
  reading(): Promise<string>;
  /** How often whoever uses the state was disturbed: restarts, reloads. */
  disturbances(): Promise<number>;
  /**
   * Applies in a process of its own while no other host works. The disk is full in the sense that
   * the content of form `one` does not fit.
   */
  applyInChild(order: ApplyOrder, mishap: Mishap): Promise<ChildApply>;
  /** Waits until the target's own timer has run out and it has gone back; asks it nothing. */
  wentBack(): Promise<void>;
  /** Commands that the stuck target started and that are still running. */
  leftRunning(): Promise<number>;
  remove(): Promise<void>;
}
