import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ADAPTER_SCHEMAS } from '../adapters/registry.ts';
import { AuditLog } from '../api/access/audit-log.ts';
import { ensureLocalAdmin, type LocalAdmin } from '../api/access/local-admin.ts';
import { Sessions } from '../api/access/sessions.ts';
import { TokenRegister } from '../api/access/token-register.ts';
import type { Problem } from '../api/contract.ts';
import { startApiServer, type ApiServerOptions } from '../api/server/start-server.ts';
import type { ExitCode, LastgoodError } from '../base/error.ts';
import { releaseMemory } from '../base/release-memory.ts';
import { unwrap, type Result } from '../base/result.ts';
import { dataFolder, makeDataFolder } from '../config/data-folder.ts';
import { version } from '../config/version.ts';
import type { Clock } from '../ports/clock.ts';
import { announce } from './announce.ts';
import { apiBackend } from './backend/api-backend.ts';
import { findConfigFile } from '../config/find-config-file.ts';
import { readConfigFile } from './configuration/config-file.ts';
import { rememberConfig } from './configuration/config-memory.ts';
import { lockFolder } from './folder-lock.ts';
import { giveUpRoot, type Privileges } from './privilege/give-up-root.ts';
import { hostClock } from './host-clock.ts';
import { LiveConfig } from './configuration/live-config.ts';
import { openStores } from './open-stores.ts';
import { processLog, requireLevel } from './process-log.ts';
import { evidenceSettings, reload } from './configuration/reload.ts';
import { growReserve } from './recovery-reserve.ts';
import type { DaemonOptions, Serving } from './serving.ts';
import { startCore, type StartedCore } from './start-core.ts';
import { startDuties } from './start-duties.ts';
import { startNotices, type Notices } from './notices/start-notices.ts';
import { systemRandom } from './system-random.ts';

/** A predecessor that is just ending needs a moment; a running one is there to stay. */
const LOCK_WAIT_MS = 1_500;

/** What is at work is waited for; the daemon has ten seconds in all. */
const DUTIES_STOP_MS = 4_000;

/** Runs the daemon until it is asked to stop. Throws the error of a failed start. */
export async function runDaemon(options: DaemonOptions): Promise<ExitCode> {
  const level = requireLevel(options.logLevel);
  const log = processLog('core', level);
  const file = findConfigFile(options.configFile, process.cwd());
  const loaded = unwrap(readConfigFile(file, ADAPTER_SCHEMAS));
  const folder = dataFolder(options.dataRoot, options.env);
  unwrap(makeDataFolder(folder));
  const clock = hostClock();
  const privileges = unwrap(
    await giveUpRoot({
      folder,
      loaded,
      logLevel: level,
      clock,
      log,
      hostSocket: options.hostSocket,
    }),
  );
  try {
    const lock = unwrap(await lockFolder(folder.lock, LOCK_WAIT_MS));
    try {
      const { recoveryReserve } = loaded.config.storage;
      const stores = unwrap(await openStores(folder, log, { reserveBytes: recoveryReserve }));
      const stopGrowing = growReserve(stores.reserve, { clock, log });
      const live = new LiveConfig(loaded, {
        named: options.configFile,
        adapters: ADAPTER_SCHEMAS,
        stateKeeper: stateKeeperOf(privileges, options),
      });
      const warnings: Problem[] = [];
      const serving = { options, level, log, live, stores, folder, clock, privileges, warnings };
      await serve(serving).finally(stopGrowing);
    } finally {
      rmSync(folder.daemon, { force: true });
      lock.release();
    }
  } finally {
    await privileges.hostLink?.stop();
  }
  return 0;
}

/** Who says what may be touched, if that is not this process. */
function stateKeeperOf(
  { hostLink }: Privileges,
  { hostSocket }: DaemonOptions,
): string | undefined {
  if (hostLink === undefined) return undefined;
  return hostSocket === undefined ? 'the daemon' : '`lastgood host`, then the daemon';
}

async function serve(serving: Serving): Promise<void> {
  const { options, log, live, stores, folder, clock, privileges } = serving;
  unwrap(await rememberConfig(stores.control, live.loaded, clock));
  const tokens = unwrap(
    await TokenRegister.open({ control: stores.control, clock, random: systemRandom }),
  );
  const admin = unwrap(await ensureLocalAdmin(folder.adminToken, tokens));
  const { warnings } = serving;
  warnings.push(...privileges.problems);
  const notices = unwrap(startNotices(live.config.notify, options.env, clock, log));
  const started = unwrap(
    await startCore({
      version: version(),
      folder,
      stores,
      ...(privileges.hostLink === undefined ? {} : { hostLink: privileges.hostLink }),
      clock,
      log,
      config: () => live.config,
      warnings: () => [...warnings, ...live.problems()],
      evidenceSettings: () => evidenceSettings(serving, tokens),
      tell: (notice, kind) => notices.tell({ ...notice, kind }),
    }),
  );
  try {
    await work(serving, started, tokens, notices, admin);
  } finally {
    // Also after a failed start, such as a taken port: a child left alone would keep us alive.
    await started.stop();
  }
}

async function work(
  serving: Serving,
  started: StartedCore,
  tokens: TokenRegister,
  notices: Notices,
  admin: LocalAdmin,
): Promise<void> {
  const { options, privileges } = serving;
  // Runs are taken over before anybody can ask for another one, see recovery.md 3.
  unwrap(await started.core.rollbacks.recoverAll());
  tokens.onChange(() => {
    const list = tokens.grants().map((grant) => ({ ...grant }));
    void started.core.evidence.senders(JSON.parse(JSON.stringify(list)));
  });
  const evidenceStart = started.core.link.start();
  const audit = unwrap(await openAudit(serving));
  const server = unwrap(await listen(serving, started, tokens, admin.token, audit));
  const duties = startDuties(started, notices, server, audit);
  const { hostLink } = privileges;
  const ending = Promise.race([
    untilAsked(options.signal, () => reload(serving, started, notices, server, tokens)),
    ...(hostLink === undefined ? [] : [hostLink.lost]),
  ]);
  let lost: LastgoodError | undefined;
  try {
    // A long log takes a while to replay; whoever asks us to stop meanwhile need not wait for it.
    const begun = await Promise.race([evidenceStart, ending]);
    if (begun !== undefined && 'ok' in begun) {
      requireSafe(begun);
      announce(serving, started, server, admin.principal);
      setImmediate(releaseMemory);
    }
    lost = (await ending) ?? undefined;
  } finally {
    await server.close();
    // A capture of something large is given up: what is not sealed is no checkpoint.
    await Promise.race([duties(), patience(serving.clock, DUTIES_STOP_MS)]);
    await notices.stop();
  }
  // Without its hands a core can neither roll back nor revert in time: whatever supervises us
  // starts everything anew, as root, and the runs are taken over there.
  if (lost !== undefined) throw lost;
}

function patience(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

/** Evidence that is down is a warning; a listener open to others, or a wrong key, is not. */
function requireSafe(evidence: Result<unknown>): void {
  if (!evidence.ok && evidence.error.entry.exit === 2) throw evidence.error;
}

function openAudit({ stores, folder, clock }: Serving): Promise<Result<AuditLog>> {
  return AuditLog.open({ ...stores, clock, headFile: folder.auditHead });
}

async function listen(
  { log, live, stores, warnings }: Serving,
  { core }: StartedCore,
  tokens: TokenRegister,
  ownerToken: string,
  audit: AuditLog,
) {
  const { listen: listeners, access } = live.config;
  const at = listeners.ui;
  const { control } = stores;
  const { clock } = core;
  const sessions = unwrap(await Sessions.open({ control, clock, random: systemRandom, log }));
  const uiFolder = fileURLToPath(new URL(UI_FOLDER, import.meta.url));
  const options: Omit<ApiServerOptions, 'listen'> = {
    tls: access.tls,
    hosts: access.hosts,
    backend: apiBackend(core, stores.keyring),
    tokens,
    sessions,
    audit,
    ownerToken,
    clock: core.clock,
    log,
    uiFolder,
    version: core.version,
  };
  const wished = await startApiServer({ ...options, listen: { address: at.host, port: at.port } });
  if (wished.ok || wished.error.code !== 'LG_RUNTIME_PORT_TAKEN') return wished;
  // Somebody else's port must not keep a host from being watched; the ready line says which it is.
  warnings.push({
    what: wished.error.detail,
    mend: `served on another port; ${wished.error.entry.hint}`,
  });
  return startApiServer({ ...options, listen: { address: at.host, port: 0 } });
}

/** `src/daemon` in the repository, `dist/daemon` in the package: the UI lies in `dist/web`. */
const UI_FOLDER = import.meta.url.endsWith('.ts') ? '../../dist/web' : '../web';

/** Waits for SIGTERM or Ctrl-C; SIGHUP reloads, one at a time. */
function untilAsked(signal: AbortSignal, reloadAll: () => Promise<void>): Promise<void> {
  let reloading = Promise.resolve();
  const onHangup = (): void => {
    reloading = reloading.then(reloadAll);
  };
  process.on('SIGHUP', onHangup);
  return new Promise((resolve) => {
    const end = (): void => {
      process.off('SIGHUP', onHangup);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
