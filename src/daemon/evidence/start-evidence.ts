import { hostname } from 'node:os';
import { join } from 'node:path';
import { listenerPolicy } from '../../api/access/listener-policy.ts';
import { senderOf } from '../../api/access/sender.ts';
import { readTlsFiles } from '../../api/server/tls-files.ts';
import { openKeyFile } from '../../adapters/keyrings/file/file-keyring.ts';
import { localFileAccess } from '../../adapters/sources/file/file-access.ts';
import { createFileSource } from '../../adapters/sources/file/file-source.ts';
import { createOtlpSource } from '../../adapters/sources/otlp/otlp-source.ts';
import { DEFAULT_LIMITS } from '../../adapters/telemetry/segments/limits.ts';
import { openSegmentStore } from '../../adapters/telemetry/segments/open-segment-store.ts';
import { SOURCE_SCHEMAS, STATE_SCHEMAS } from '../../adapters/registry.ts';
import { realDisk } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { loadConfig } from '../../config/load.ts';
import { renderProblem } from '../../config/problem.ts';
import type { Config } from '../../config/schema.ts';
import { triggersOf } from '../../config/inventory.ts';
import { createEntityResolver } from '../../evidence/align/resolve-entity.ts';
import type { SourceEntry } from '../../evidence/collect/start-collection.ts';
import { createOtlpDecoder } from '../../evidence/normalize/otlp/otlp-decoder.ts';
import { createRedactor } from '../../evidence/normalize/redact-batch.ts';
import { createLineNormalizer } from '../../evidence/normalize/text/add-line.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Signal } from '../../model/signal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TelemetryStore } from '../../ports/telemetry-store.ts';
import { lockFolder } from '../folder-lock.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';
import type { EvidenceSettings } from './settings.ts';

/** A predecessor that was killed a moment ago is still letting go. */
const LOCK_WAIT_MS = 10_000;

/** What the evidence process tells while it works. */
export interface EvidenceHearing {
  readonly onSignal: (signal: Signal) => void;
  readonly onArrival: (records: number) => void;
}

/** The evidence plane with its store. */
export interface Evidence {
  readonly pipeline: Pipeline;
  readonly store: TelemetryStore;
  readonly config: Config;
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
  const schemas = { sources: SOURCE_SCHEMAS, providers: STATE_SCHEMAS };
  const loaded = loadConfig(settings.configText, settings.configFile, schemas);
  if (!loaded.ok) {
    return err(lgError('LG_CONFIG_INVALID', loaded.error.map(renderProblem).join('\n')));
  }
  const config = loaded.value;
  const folder = join(settings.dataRoot, 'evidence');
  const lock = await lockFolder(join(folder, 'lock'), LOCK_WAIT_MS);
  if (!lock.ok) return lock;
  const keyring = await openKeyFile(settings.keyFile);
  if (!keyring.ok) return keyring;
  const store = await openSegmentStore({
    folder,
    disk: realDisk,
    keyring: keyring.value,
    clock,
    log,
    limits: {
      ...DEFAULT_LIMITS,
      engineMemoryMb: config.storage.memory,
      sealAfterMs: config.storage.sealEvery,
      uidWindowMs: config.storage.uidWindow,
    },
  });
  if (!store.ok) return store;
  let senders = settings.senders;
  const sources = sourcesOf(config, () => senders, clock);
  if (!sources.ok) return sources;
  const pipeline = await startPipeline({
    sources: sources.value,
    store: store.value,
    rules: triggersOf(config),
    redact: createRedactor(config.redact.attributes),
    clock,
    log,
    ...hearing,
  });
  return ok({
    pipeline,
    store: store.value,
    config,
    replaceSenders: (next) => {
      senders = next;
    },
  });
}

function sourcesOf(
  config: Config,
  senders: () => EvidenceSettings['senders'],
  clock: Clock,
): Result<readonly SourceEntry[]> {
  const listener = otlpEntry(config, senders, clock);
  if (!listener.ok) return listener;
  const resolve = createEntityResolver();
  const fileSource = createFileSource({
    access: localFileAccess,
    addLineOf: (source) => createLineNormalizer({ source, resolve, zoneMinutes: hostZone }),
    resource: { 'host.name': hostname() },
  });
  const files = (config.sources ?? []).map(({ name, kind, ...spec }): SourceEntry => {
    const parsed = fileSource.specSchema['~standard'].validate(spec);
    if (parsed instanceof Promise || parsed.issues !== undefined) {
      throw new Error(`broken invariant: source ${name} was validated`);
    }
    return { id: name, kind, source: fileSource, spec: parsed.value };
  });
  return ok([...listener.value, ...files]);
}

/** Stamps without a zone are of this host's own zone. */
const hostZone = (unixMs: number): number => -new Date(unixMs).getTimezoneOffset();

function otlpEntry(
  config: Config,
  senders: () => EvidenceSettings['senders'],
  clock: Clock,
): Result<readonly SourceEntry[]> {
  const { otlpHttp } = config.listen;
  if (otlpHttp === false) return ok([]);
  const { host, port } = otlpHttp;
  const { tls: files } = config.access;
  const plan = { name: 'otlpHttp', address: host, hasTls: files !== undefined };
  const policy = listenerPolicy({ ...plan, tokens: senders().length });
  if (!policy.ok) return policy;
  const isLoopback = listenerPolicy({ ...plan, hasTls: false, tokens: 0 }).ok;
  const tls = files === undefined ? undefined : readTlsFiles(files);
  if (tls !== undefined && !tls.ok) return tls;
  const resolve = createEntityResolver();
  const source = createOtlpSource({
    decoderOf: (name) => createOtlpDecoder({ source: name, resolve }),
    authorize: ({ headers }) => {
      // No exporter sends an Origin; a browser page must not forge records, even by DNS rebinding.
      if (headers.origin !== undefined) {
        return err(lgError('LG_ACCESS_ORIGIN_REFUSED', 'a browser page tried to send records'));
      }
      return senderOf(headers.authorization, isLoopback, senders(), clock.now());
    },
    tls: tls?.value,
  });
  const spec = source.specSchema['~standard'].validate({ address: host, port });
  if (spec instanceof Promise || spec.issues !== undefined) {
    throw new Error('broken invariant: the listener was validated');
  }
  return ok([{ id: 'otlp', kind: 'otlp', source, spec: spec.value }]);
}
