import { LocalBus } from '../adapters/buses/local/local-bus.ts';
import { PROVIDERS } from '../adapters/registry.ts';
import type { Json } from '../base/canonical-json.ts';
import type { Problem } from '../api/contract.ts';
import type { Log } from '../base/log.ts';
import { ownUserName } from '../account/own-user.ts';
import { ok, type Result } from '../base/result.ts';
import { toRfc3339, type TimeNs } from '../base/time.ts';
import type { DataFolder } from '../config/data-folder.ts';
import { componentsOf, groupsOf } from '../config/inventory.ts';
import { soakTime } from '../config/soak-time.ts';
import type { Config } from '../config/schema.ts';
import type { Incident } from '../model/incident/incident.ts';
import type { RunNotice } from '../model/run/run-world.ts';
import type { SourceWatermark } from '../model/checkpoint/checkpoint.ts';
import type { Clock } from '../ports/clock.ts';
import { Catalogue } from '../recovery/checkpoint/catalogue.ts';
import { judgeGate } from '../recovery/gate/judge-gate.ts';
import { Rollbacks } from '../recovery/rollback/rollbacks.ts';
import type { Hands } from './backend/grants.ts';
import { createCore, type Core } from './core.ts';
import { EvidencePlane } from './evidence/evidence-plane.ts';
import { EvidenceLink } from './evidence/link.ts';
import type { EvidenceSettings } from './evidence/settings.ts';
import type { HostRunnerLink } from './host/host-runner-link.ts';
import { refusalBy } from './host/allow-list.ts';
import { joinHosts, type Hosts } from './host/hosts.ts';
import { serveHosts } from './host/serve-hosts.ts';
import { startLocalHost } from './host/start-local-host.ts';
import { News } from './news.ts';
import type { Stores } from './open-stores.ts';
import { Checkpoints } from './recovery/checkpoints.ts';
import { Diagnostician } from './recovery/diagnostician.ts';
import { Health } from './recovery/health.ts';
import { HealthWatch } from './recovery/health-watch.ts';
import { hearDeadMen } from './recovery/hear-dead-men.ts';
import { Hold } from '../recovery/rollback/hold.ts';
import { Incidents } from '../recovery/incident/incidents.ts';
import { Inventory } from './recovery/inventory.ts';
import { PlanShelf } from '../recovery/plan/plan-shelf.ts';
import { runWorldOf } from './recovery/wire-run-world.ts';
import { systemRandom } from './system-random.ts';
import { gateOf, plannerOf, type GateSettings } from './wire-planner.ts';

/** What the core is started from. */
export interface CoreSetting {
  readonly version: string;
  readonly folder: DataFolder;
  readonly stores: Stores;
  /** The host process, when the core gave root up; absent: the core touches the host itself. */
  readonly hostLink?: HostRunnerLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => Config;
  readonly warnings: () => readonly Problem[];
  /** What the evidence process is started with; read at each start. */
  readonly evidenceSettings: () => EvidenceSettings;
  readonly tell: (notice: Omit<RunNotice, 'run'>, kind: 'incident' | 'rollback') => void;
}

/** The core with what must be stopped at the end, and what its loops need. */
export interface StartedCore {
  readonly core: Core;
  readonly bus: LocalBus;
  readonly diagnostician: Diagnostician;
  readonly troubled: (hear: (incident: Incident, isNew: boolean) => void) => void;
  readonly evidenceUpSince: () => TimeNs | undefined;
  /** Watches these components from now on; LG_PROVIDER_… leaves the old ones. */
  replaceInventory(next: Config): Result<void>;
  stop(): Promise<void>;
}

/**
 * Puts the recovery plane together and reads what it remembers. Nothing runs yet but the host
 * runner: runs are taken over, and listeners opened, by whoever calls.
 */
export async function startCore(setting: CoreSetting): Promise<Result<StartedCore>> {
  const { clock, log, config, stores } = setting;
  const parsed = Inventory.of(componentsOf(config()), PROVIDERS, groupsOf(config()));
  if (!parsed.ok) return parsed;
  let inventory = parsed.value;
  const bus = new LocalBus({ clock, log });
  const settings = (): Json => JSON.parse(JSON.stringify(setting.evidenceSettings()));
  const link = new EvidenceLink({ bus, clock, log, settings });
  const evidence = new EvidencePlane(link);
  const { folder, hostLink } = setting;
  const refuseProgram = refusalBy(config);
  const reserveBytes = config().storage.recoveryReserve;
  const place = { folder: folder.host, keyFile: folder.key, reserveBytes };
  const own = { bus, stores, ...place, clock, log, refuseProgram };
  const opened =
    hostLink === undefined ? ok(await startLocalHost(own)) : await hostLink.start(stores.vault);
  if (!opened.ok) return opened;
  const hosts = await joinHosts({
    own: opened.value,
    hosts: config().hosts,
    vault: stores.vault,
    clock,
    log,
    onExchange: (host, exchange) => void evidence.exchange(host, exchange),
  });
  serveHosts(bus, hosts);
  const rooms = roomsOf(setting, () => inventory, hosts, evidence);
  for (const room of [rooms.hold, rooms.plans, rooms.catalogue, rooms.incidents]) {
    const loaded = await room.load();
    if (loaded.ok) continue;
    // What the host runner does again and again would keep a process alive that has failed.
    await hosts.stop();
    return loaded;
  }
  const { core, ...duties } = joinCore(setting, rooms, hosts, link);
  return ok({
    core,
    ...duties,
    bus,
    evidenceUpSince: () => link.upSince(),
    replaceInventory(next) {
      const replaced = Inventory.of(componentsOf(next), PROVIDERS, groupsOf(next));
      if (!replaced.ok) return replaced;
      inventory = replaced.value;
      return ok(undefined);
    },
    async stop() {
      core.rollbacks.stop();
      await link.stop();
      await hosts.stop();
      await stores.vault.close();
      await stores.control.close();
    },
  });
}

/** The rooms of the recovery plane, not yet joined. */
interface Rooms {
  readonly inventory: () => Inventory;
  readonly evidence: EvidencePlane;
  readonly news: News;
  readonly health: Health;
  readonly healthWatch: HealthWatch;
  readonly catalogue: Catalogue;
  readonly checkpoints: Checkpoints;
  readonly incidents: Incidents;
  readonly hold: Hold;
  readonly plans: PlanShelf;
  readonly troubled: StartedCore['troubled'];
}

function roomsOf(
  { stores, clock, log, config }: CoreSetting,
  inventory: () => Inventory,
  { client, runOn }: Hosts,
  evidence: EvidencePlane,
): Rooms {
  const common = { clock, log, random: systemRandom, news: new News(), inventory };
  const health = new Health({ inventory, triggers: () => evidence.triggers(), runOn, clock });
  const gate = (): GateSettings => gateOf(config());
  const healthWatch = new HealthWatch({ ...common, health, gate });
  const catalogue = new Catalogue(stores.control, () => soakTime(config()));
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
    tell: (change) => common.news.tell(change),
    links: () => inventory().links,
    onTrouble: (incident, isNew) => hearers.forEach((hear) => hear(incident, isNew)),
  });
  return {
    ...common,
    evidence,
    health,
    healthWatch,
    catalogue,
    checkpoints,
    incidents,
    hold: new Hold(stores.control, clock),
    plans: new PlanShelf(stores.control, log),
    troubled: (hear) => void hearers.add(hear),
  };
}

function joinCore(
  setting: CoreSetting,
  rooms: Rooms,
  hosts: Hosts,
  link: EvidenceLink,
): Pick<StartedCore, 'core' | 'diagnostician' | 'troubled'> {
  const { stores, clock, log, config, version, folder } = setting;
  const { inventory, evidence, health, checkpoints, hold, troubled } = rooms;
  const { client, standings } = hosts;
  const { vault, control } = stores;
  const notify = (notice: RunNotice): void => setting.tell(notice, 'rollback');
  const rollbacks = new Rollbacks({
    world: runWorldOf({ inventory, client, vault, checkpoints, health, notify }),
    store: control,
    clock,
    log,
    random: systemRandom,
    judge: judgeGate,
    held: hold.on !== undefined,
  });
  hearDeadMen(hosts, rollbacks, notify);
  const core = createCore({
    ...rooms,
    version,
    startedAt: toRfc3339(clock.now()),
    folder,
    keyId: stores.keyring.keyId,
    hands: handsOf(setting.hostLink),
    hosts: standings,
    hostReserves: () => hosts.reserves(),
    clock,
    log,
    vault,
    reserve: stores.reserve,
    client,
    link,
    rollbacks,
    planner: plannerOf({ ...rooms, client, vault, clock, config, rollbacks }),
    config,
    warnings: setting.warnings,
  });
  const summary: Diagnostics['summary'] = (from, to) => evidence.summary(from, to);
  const diagnostician = new Diagnostician({ ...rooms, clock, log, summary });
  return { core, diagnostician, troubled };
}

type Diagnostics = ConstructorParameters<typeof Diagnostician>[0];

/** Who touches the host: the host process, or whoever we are. */
function handsOf(hostLink: HostRunnerLink | undefined): Hands {
  const isRoot = hostLink !== undefined || process.geteuid?.() === 0;
  return { isRoot, user: isRoot ? 'root' : ownUserName() };
}
