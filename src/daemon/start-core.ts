import { hostname } from 'node:os';
import { LocalBus } from '../adapters/buses/local/local-bus.ts';
import { PROVIDERS } from '../adapters/registry.ts';
import type { Problem } from '../api/contract.ts';
import { realDisk } from '../base/disk.ts';
import type { Log } from '../base/log.ts';
import { ok, type Result } from '../base/result.ts';
import { toRfc3339, type TimeNs } from '../base/time.ts';
import type { DataFolder } from '../config/data-folder.ts';
import { componentsOf } from '../config/inventory.ts';
import type { Config } from '../config/schema.ts';
import { startHostRunner } from '../host/host-runner.ts';
import { providerClient } from '../host/provider-client.ts';
import { runCommand } from '../host/run-command.ts';
import type { Incident } from '../model/incident.ts';
import type { RunNotice } from '../model/run-world.ts';
import { sortableId } from '../base/id.ts';
import type { Clock } from '../ports/clock.ts';
import { Catalogue } from '../recovery/checkpoint/catalogue.ts';
import { judgeGate } from '../recovery/gate/judge-gate.ts';
import { Rollbacks } from '../recovery/rollback/rollbacks.ts';
import { createCore, type Core } from './core.ts';
import { EvidenceDoor } from './evidence/evidence-door.ts';
import { EvidenceLink } from './evidence/link.ts';
import type { EvidenceSettings } from './evidence/settings.ts';
import { News } from './news.ts';
import type { Stores } from './open-stores.ts';
import { Checkpoints } from './recovery/checkpoints.ts';
import { Diagnostician } from './recovery/diagnostician.ts';
import { Health } from './recovery/health.ts';
import { Hold } from './recovery/hold.ts';
import { Incidents } from './recovery/incidents.ts';
import { Inventory } from './recovery/inventory.ts';
import { PlanShelf } from './recovery/plan-shelf.ts';
import { Planner } from './recovery/planner.ts';
import { runWorld, systemRandom } from './recovery/run-world.ts';

/** What the core is started from. */
export interface CoreSetting {
  readonly version: string;
  readonly folder: DataFolder;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => Config;
  readonly warnings: Problem[];
  /** What the evidence process is started with; read at each start. */
  readonly evidenceSettings: () => EvidenceSettings;
  readonly tell: (notice: Omit<RunNotice, 'run'>, kind: 'incident' | 'rollback') => void;
}

/** The core with what must be stopped at the end, and what its loops need. */
export interface StartedCore {
  readonly core: Core;
  readonly bus: LocalBus;
  readonly health: Health;
  readonly diagnostician: Diagnostician;
  readonly troubled: (hear: (incident: Incident, isNew: boolean) => void) => void;
  readonly evidenceUpSince: () => TimeNs | undefined;
  stop(): Promise<void>;
}

/**
 * Puts the recovery plane together and reads what it remembers. Nothing runs yet but the host
 * runner: runs are taken over, and listeners opened, by whoever calls.
 */
export async function startCore(setting: CoreSetting): Promise<Result<StartedCore>> {
  const { folder, stores, clock, log, config } = setting;
  const parsed = Inventory.of(componentsOf(config()), PROVIDERS);
  if (!parsed.ok) return parsed;
  const inventory = (): Inventory => parsed.value;
  const bus = new LocalBus({ clock, log });
  const link = new EvidenceLink({
    bus,
    clock,
    log,
    settings: () => JSON.parse(JSON.stringify(setting.evidenceSettings())),
  });
  const evidence = new EvidenceDoor(link);
  const commandEnv = environmentOf(process.env);
  const host = hostname();
  const runner = await startHostRunner({
    name: host,
    bus,
    providers: PROVIDERS,
    blobs: stores.vault,
    folder: folder.host,
    disk: realDisk,
    keyring: stores.keyring,
    clock,
    log,
    commandEnv,
  });
  const newId = (): string => sortableId('call', Date.now(), systemRandom);
  const client = providerClient(bus, () => host, newId);
  const stopping = new AbortController();
  const run: Parameters<typeof runWorld>[0]['run'] = (command, options) =>
    runCommand(command, options, { env: commandEnv, signal: stopping.signal });
  const news = new News();
  const health = new Health({ inventory, triggers: () => evidence.triggers(), run });
  const catalogue = new Catalogue(stores.control, () => config().checkpoints.soak);
  const checkpoints = new Checkpoints({
    client,
    clock,
    random: systemRandom,
    log,
    news,
    catalogue,
    vault: stores.vault,
    inventory,
    health,
    watermarks: async () => {
      const status = await evidence.status();
      return status.ok ? status.value.store.watermarks : [];
    },
  });
  const hearers = new Set<(incident: Incident, isNew: boolean) => void>();
  const diagnostician = new Diagnostician({
    inventory,
    checkpoints,
    health,
    clock,
    log,
    summary: (from, to) => evidence.summary(from, to),
  });
  const incidents = new Incidents({
    store: stores.control,
    clock,
    random: systemRandom,
    log,
    news,
    links: () =>
      inventory().components.flatMap(({ name, dependsOn }) =>
        dependsOn.map((needed) => ({ from: name, to: needed })),
      ),
    onTrouble: (incident, isNew) => hearers.forEach((hear) => hear(incident, isNew)),
    onClosed: () => undefined,
  });
  const hold = new Hold(stores.control, clock);
  for (const load of [() => hold.load(), () => catalogue.load(), () => incidents.load()]) {
    const loaded = await load();
    if (!loaded.ok) return loaded;
  }
  const world = runWorld({
    inventory,
    client,
    vault: stores.vault,
    checkpoints,
    health,
    run,
    notify: (notice) => setting.tell(notice, 'rollback'),
  });
  const rollbacks = new Rollbacks({
    world,
    store: stores.control,
    clock,
    log,
    random: systemRandom,
    judge: judgeGate,
    held: hold.on !== undefined,
  });
  const planner = new Planner({
    inventory,
    client,
    vault: stores.vault,
    health,
    clock,
    random: systemRandom,
    settings: () => {
      const { gate, confirmTimeout, onSilence } = config().rollback;
      return {
        gate: { samples: gate.samples, intervalMs: gate.interval },
        confirmTimeoutMs: confirmTimeout,
        onSilence,
      };
    },
  });
  const core = createCore({
    version: setting.version,
    startedAt: toRfc3339(clock.now()),
    folder,
    clock,
    log,
    news,
    vault: stores.vault,
    client,
    link,
    evidence,
    checkpoints,
    incidents,
    rollbacks,
    planner,
    plans: new PlanShelf(stores.control),
    hold,
    inventory,
    config,
    warnings: () => setting.warnings,
  });
  return ok({
    core,
    bus,
    health,
    diagnostician,
    troubled: (hear) => void hearers.add(hear),
    evidenceUpSince: () => link.upSince(),
    async stop() {
      rollbacks.stop();
      await link.stop();
      stopping.abort();
      await runner.stop();
      await stores.vault.close();
      await stores.control.close();
    },
  });
}

/** A small clean environment for commands: nothing of ours, no secrets of whoever started us. */
function environmentOf(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return {
    PATH: env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: env['HOME'] ?? '/',
    LANG: 'C.UTF-8',
  };
}
