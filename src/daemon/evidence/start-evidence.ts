import { join } from 'node:path';
import { openKeyFile } from '../../adapters/keyrings/file/file-keyring.ts';
import { DEFAULT_LIMITS } from '../../adapters/telemetry/segments/limits.ts';
import {
  openSegmentStore,
  type SegmentStoreOptions,
} from '../../adapters/telemetry/segments/open-segment-store.ts';
import { ADAPTER_SCHEMAS } from '../../adapters/registry.ts';
import { realDisk } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import type { Programs } from '../../base/programs.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { loadConfig } from '../../config/load.ts';
import { renderProblem } from '../../config/problem.ts';
import type { Config } from '../../config/schema.ts';
import { aliasesOf, triggersOf } from '../../config/inventory.ts';
import { LiveResolver } from '../../evidence/align/live-resolver.ts';
import { createRedactor } from '../../evidence/normalize/redact-batch.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ResolveEntity } from '../../model/component/entity.ts';
import type { Signal } from '../../model/incident/signal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TelemetryStore } from '../../ports/telemetry-store.ts';
import { lockFolder, type FolderLock } from '../folder-lock.ts';
import { whyNoEvidence } from '../recovery-reserve.ts';
import { keepClocks, type KeptClocks } from './keep-clocks.ts';
import { keepTidy } from './keep-tidy.ts';
import { startPipeline, type Pipeline, type PipelineSettings } from './pipeline.ts';
import type { EvidenceSettings } from './settings.ts';
import { watchNtp } from './watch-ntp.ts';
import { sourceEntries } from './sources/source-entries.ts';

/** A predecessor that was killed a moment ago is still letting go. */
const LOCK_WAIT_MS = 10_000;

/** What ties the evidence process to the core. */
export interface EvidenceHearing {
  readonly onSignal: (signal: Signal) => void;
  readonly onArrival: (records: number) => void;
  /** Programs of a host, run by its runner, which the core reaches; undefined: this machine's. */
  readonly programsOn: (host: string | undefined) => Programs;
}

/** The evidence plane with its store. */
export interface Evidence {
  readonly pipeline: Pipeline;
  readonly clocks: KeptClocks;
  readonly store: TelemetryStore;
  /** Held as long as the store is: what nobody refers to would be collected, and so released. */
  readonly lock: FolderLock;
  /** By the aliases of the newest configuration. */
  readonly resolve: ResolveEntity;
  /** Takes over another configuration; LG_CONFIG_INVALID or LG_ACCESS_… leaves the old one. */
  configure(text: string, file: string): Promise<Result<null>>;
  /** Takes a new list of who may send. */
  replaceSenders(senders: EvidenceSettings['senders']): void;
}

/** Opens the store and starts the pipeline on it; answers when every listener was tried. */
export async function startEvidence(
  settings: EvidenceSettings,
  hearing: EvidenceHearing,
  clock: Clock,
  log: Log,
): Promise<Result<Evidence>> {
  const loaded = readSettings(settings.configText, settings.configFile);
  if (!loaded.ok) return loaded;
  const config = loaded.value;
  const folder = join(settings.dataRoot, 'evidence');
  const { recoveryReserve } = config.storage;
  const whyFull = (): string | undefined => whyNoEvidence(settings.dataRoot, recoveryReserve);
  const options = { clock, log, limits: limitsOf(config), whyFull };
  const opened = await openStore(folder, settings.keyFile, options);
  if (!opened.ok) return opened;
  const { store, lock } = opened.value;
  let senders = settings.senders;
  const resolver = new LiveResolver(aliasesOf(config));
  const { resolve } = resolver;
  const { programsOn } = hearing;
  const settingsOf = (from: Config): Result<PipelineSettings> => {
    const told = { config: from, senders: () => senders, zoneMinutes: hostZone };
    const sources = sourceEntries({ ...told, resolve, clock, programsOn });
    if (!sources.ok) return sources;
    const redact = createRedactor(from.redact.attributes);
    return ok({ sources: sources.value, rules: triggersOf(from), redact });
  };
  const first = settingsOf(config);
  if (!first.ok) return first;
  const base = { store, clock, log };
  const clocks = await keepClocks({ ...base, folder, disk: realDisk, resolve });
  const parts = { ...first.value, ...base, clocks: clocks.watch, ...hearing };
  const pipeline = await startPipeline(parts);
  clocks.start((batch) => void pipeline.deliver(batch, { source: 'clocks', sender: 'lastgood' }));
  let { hosts } = config;
  const ntp = { programsOn, clock, log, hear: clocks.hearNtp };
  const stopNtp = watchNtp({ ...ntp, hosts: () => hosts });
  keepTidy(store, clock, log);
  return ok({
    pipeline,
    clocks: stoppedWith(clocks, stopNtp),
    store,
    lock,
    resolve,
    async configure(text, file) {
      const changed = readSettings(text, file);
      if (!changed.ok) return changed;
      const next = settingsOf(changed.value);
      if (!next.ok) return next;
      hosts = changed.value.hosts;
      resolver.replace(aliasesOf(changed.value));
      await pipeline.configure(next.value);
      return ok(null);
    },
    replaceSenders: (next) => {
      senders = next;
    },
  });
}

async function openStore(
  folder: string,
  keyFile: string,
  options: Pick<SegmentStoreOptions, 'clock' | 'log' | 'limits' | 'whyFull'>,
): Promise<Result<{ readonly store: TelemetryStore; readonly lock: FolderLock }>> {
  const lock = await lockFolder(join(folder, 'lock'), LOCK_WAIT_MS);
  if (!lock.ok) return lock;
  const keyring = await openKeyFile(keyFile);
  if (!keyring.ok) return keyring;
  const place = { folder, disk: realDisk, keyring: keyring.value };
  const store = await openSegmentStore({ ...place, ...options });
  return store.ok ? ok({ store: store.value, lock: lock.value }) : store;
}

/** The clocks whose end is also that of what tells them. */
function stoppedWith(clocks: KeptClocks, alsoStop: () => void): KeptClocks {
  const stop = (): void => {
    alsoStop();
    clocks.stop();
  };
  return { ...clocks, stop };
}

function limitsOf({ storage: { memory, sealEvery, uidWindow } }: Config): typeof DEFAULT_LIMITS {
  const own = { engineMemoryMb: memory, sealAfterMs: sealEvery, uidWindowMs: uidWindow };
  return { ...DEFAULT_LIMITS, ...own };
}

function readSettings(text: string, file: string): Result<Config> {
  const loaded = loadConfig(text, file, ADAPTER_SCHEMAS);
  if (loaded.ok) return loaded;
  return err(lgError('LG_CONFIG_INVALID', loaded.error.map(renderProblem).join('\n')));
}

/** Stamps without a zone are of this host's own zone. */
const hostZone = (unixMs: number): number => -new Date(unixMs).getTimezoneOffset();
