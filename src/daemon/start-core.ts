import { hostname } from 'node:os';
import { LocalBus } from '../adapters/buses/local/local-bus.ts';
import { PROVIDERS } from '../adapters/registry.ts';
import type { Json } from '../base/canonical-json.ts';
import type { Problem } from '../api/contract.ts';
import { realDisk } from '../base/disk.ts';
import type { Log } from '../base/log.ts';
import { sortableId } from '../base/id.ts';
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
import type { SourceWatermark } from '../model/checkpoint.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProviderClient } from '../ports/provider.ts';
import { Catalogue } from '../recovery/checkpoint/catalogue.ts';
import type { RunCommand } from '../recovery/gate/probe.ts';
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
  const { clock, log, config, stores } = setting;
  const parsed = Inventory.of(componentsOf(config()), PROVIDERS);
  if (!parsed.ok) return parsed;
  const bus = new LocalBus({ clock, log });
  const settings = (): Json => JSON.parse(JSON.stringify(setting.evidenceSettings()));
  const link = new EvidenceLink({ bus, clock, log, settings });
  const host = await startHost(setting, bus);
  const rooms = roomsOf(setting, parsed.value, host, new EvidenceDoor(link));
  for (const room of [rooms.hold, rooms.catalogue, rooms.incidents]) {
    const loaded = await room.load();
    if (!loaded.ok) return loaded;
  }
  const { core, ...duties } = joinCore(setting, rooms, host, link);
  return ok({
    core,
    ...duties,
    bus,
    evidenceUpSince: () => link.upSince(),
    async stop() {
      core.rollbacks.stop();
      await link.stop();
      await host.stop();
      await stores.vault.close();
      await stores.control.close();
    },
  });
}

/** The host runner of this machine, as the core reaches it. */
interface Host {
  readonly client: ProviderClient;
  readonly run: RunCommand;
  stop(): Promise<void>;
}

async function startHost(setting: CoreSetting, bus: LocalBus): Promise<Host> {
  const { folder, stores, clock, log } = setting;
  const env = environmentOf(process.env);
  const name = hostname();
  const runner = await startHostRunner({
    name,
    bus,
    providers: PROVIDERS,
    blobs: stores.vault,
    folder: folder.host,
    disk: realDisk,
    keyring: stores.keyring,
    clock,
    log,
    commandEnv: env,
  });
  const stopping = new AbortController();
  const newId = (): string => sortableId('call', Date.now(), systemRandom);
  return {
    client: providerClient(bus, () => name, newId),
    run: (words, options) => runCommand(words, options, { env, signal: stopping.signal }),
    async stop() {
      stopping.abort();
      await runner.stop();
    },
  };
}

/** The rooms of the recovery plane, not yet joined. */
interface Rooms {
  readonly inventory: () => Inventory;
  readonly evidence: EvidenceDoor;
  readonly news: News;
  readonly health: Health;
  readonly catalogue: Catalogue;
  readonly checkpoints: Checkpoints;
  readonly incidents: Incidents;
  readonly hold: Hold;
  readonly troubled: StartedCore['troubled'];
}

function roomsOf(
  { stores, clock, log, config }: CoreSetting,
  components: Inventory,
  { client, run }: Host,
  evidence: EvidenceDoor,
): Rooms {
  const inventory = (): Inventory => components;
  const common = { clock, log, random: systemRandom, news: new News(), inventory };
  const health = new Health({ inventory, triggers: () => evidence.triggers(), run });
  const catalogue = new Catalogue(stores.control, () => config().checkpoints.soak);
  const watermarks = async (): Promise<readonly SourceWatermark[]> => {
    const status = await evidence.status();
    return status.ok ? status.value.store.watermarks : [];
  };
  const { vault } = stores;
  const checkpoints = new Checkpoints({ ...common, client, catalogue, vault, health, watermarks });
  const hearers = new Set<(incident: Incident, isNew: boolean) => void>();
  const incidents = new Incidents({
    ...common,
    store: stores.control,
    links: () =>
      components.components.flatMap(({ name, dependsOn }) =>
        dependsOn.map((needed) => ({ from: name, to: needed })),
      ),
    onTrouble: (incident, isNew) => hearers.forEach((hear) => hear(incident, isNew)),
  });
  return {
    ...common,
    evidence,
    health,
    catalogue,
    checkpoints,
    incidents,
    hold: new Hold(stores.control, clock),
    troubled: (hear) => void hearers.add(hear),
  };
}

function joinCore(
  setting: CoreSetting,
  rooms: Rooms,
  { client, run }: Host,
  link: EvidenceLink,
): Pick<StartedCore, 'core' | 'health' | 'diagnostician' | 'troubled'> {
  const { stores, clock, log, config, version, folder } = setting;
  const { inventory, evidence, health, checkpoints, hold, troubled } = rooms;
  const { vault, control } = stores;
  const notify = (notice: RunNotice): void => setting.tell(notice, 'rollback');
  const rollbacks = new Rollbacks({
    world: runWorld({ inventory, client, vault, checkpoints, health, run, notify }),
    store: control,
    clock,
    log,
    random: systemRandom,
    judge: judgeGate,
    held: hold.on !== undefined,
  });
  const settings = (): ReturnType<ConstructorParameters<typeof Planner>[0]['settings']> => {
    const { gate, confirmTimeout, onSilence } = config().rollback;
    const { samples, interval } = gate;
    return { gate: { samples, intervalMs: interval }, confirmTimeoutMs: confirmTimeout, onSilence };
  };
  const random = systemRandom;
  const core = createCore({
    ...rooms,
    version,
    startedAt: toRfc3339(clock.now()),
    folder,
    clock,
    log,
    vault,
    client,
    link,
    rollbacks,
    planner: new Planner({ inventory, client, vault, health, clock, random, settings }),
    plans: new PlanShelf(control),
    config,
    warnings: () => setting.warnings,
  });
  const summary: Diagnostics['summary'] = (from, to) => evidence.summary(from, to);
  const diagnostician = new Diagnostician({ ...rooms, clock, log, summary });
  return { core, health, diagnostician, troubled };
}

type Diagnostics = ConstructorParameters<typeof Diagnostician>[0];

/** A small clean environment for commands: nothing of ours, no secrets of whoever started us. */
function environmentOf(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return {
    PATH: env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: env['HOME'] ?? '/',
    LANG: 'C.UTF-8',
  };
}
