import type { FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { openKeyFile } from '../../adapters/keyrings/file/file-keyring.ts';
import { LocalBus } from '../../adapters/buses/local/local-bus.ts';
import { ADAPTER_SCHEMAS, PROVIDERS } from '../../adapters/registry.ts';
import { releaseMemory } from '../../base/release-memory.ts';
import { err, ok } from '../../base/result.ts';
import { componentsOf } from '../../config/inventory.ts';
import { loadConfig } from '../../config/load.ts';
import { deadManLauncher, type DeadManHome } from '../deadman/launch-deadman.ts';
import { startHostRunner, type HostRunner } from '../../runner/host-runner.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { lockFolder, type FolderLock } from '../folder-lock.ts';
import { hostClock } from '../host-clock.ts';
import { processLog } from '../process-log.ts';
import { hostDisk } from '../recovery-reserve.ts';
import { Inventory } from '../recovery/inventory.ts';
import { allowList, type AllowList } from './allow-list.ts';
import { anchorFolder } from './anchor-folder.ts';
import { answerCommand } from './answer-command.ts';
import { busBlobs } from './bus-blobs.ts';
import { commandEnv } from './command-env.ts';
import { commandSubject, HOST_SUBJECT, hostSettings, type HostSettings } from './messages.ts';
import { HeldPrograms } from './held-programs.ts';
import { isOwnProgram } from './own-program.ts';
import { programSubject } from './program-messages.ts';
import { sourceProgramsOf } from './source-programs.ts';
import { answerReserve } from './tell-reserve.ts';

/** A predecessor whose core was killed ends at once; what it was writing needs a moment. */
const LOCK_WAIT_MS = 10_000;

// The host process: forked by a core that is root, and the only part of us that stays it. The
// core asks over a pipe on descriptor 3 and may have been taken over by then, so what it may ask
// for is laid down before it drops its privileges, and never again.
const clock = hostClock();
const bus = new LocalBus({
  clock,
  log: processLog('host', 'warn'),
  downCode: 'LG_RUNTIME_HOST_DOWN',
});
const env = commandEnv(process.env);
let configured:
  | {
      readonly settings: HostSettings;
      readonly home: DeadManHome;
      readonly allowed: AllowList;
      readonly reserveBytes: number;
    }
  | undefined;
let runner: HostRunner | undefined;
let programs: HeldPrograms | undefined;
/** Held for as long as we live: what nobody refers to would be collected, and so released. */
const kept: (FolderLock | FileHandle)[] = [];

bus.serve(HOST_SUBJECT.configure, async (payload) => {
  if (configured !== undefined) {
    return err(lgError('LG_PROVIDER_NOT_ALLOWED', 'another configuration of the host process'));
  }
  const settings = hostSettings.parse(payload);
  const loaded = loadConfig(settings.configText, settings.configFile, ADAPTER_SCHEMAS);
  if (!loaded.ok) return err(lgError('LG_CONFIG_INVALID', settings.configFile));
  const inventory = Inventory.of(componentsOf(loaded.value), PROVIDERS);
  if (!inventory.ok) return inventory;
  const anchored = await anchorFolder(settings.folder);
  kept.push(anchored.handle);
  const { folder } = anchored;
  const ofSources = sourceProgramsOf(loaded.value, undefined);
  // A dead-man is another process, so it finds the folder by its path and anchors it anew.
  const home = { folder, path: settings.folder, keyFile: settings.keyFile };
  configured = {
    settings: { ...settings, folder },
    home,
    allowed: allowList(inventory.value, undefined, ofSources),
    reserveBytes: loaded.value.storage.recoveryReserve,
  };
  return ok(null);
});

bus.serve(HOST_SUBJECT.start, async () => {
  if (configured === undefined || runner !== undefined) {
    return err(lgError('LG_RUNTIME_BUG', `${HOST_SUBJECT.start} out of turn`));
  }
  const { settings, home, allowed, reserveBytes } = configured;
  const { name, folder } = settings;
  const keyring = await openKeyFile(settings.keyFile);
  if (!keyring.ok) return keyring;
  // Two runners at a time would be two writers of one state.
  const lock = await lockFolder(join(folder, 'lock'), LOCK_WAIT_MS);
  if (!lock.ok) return lock;
  kept.push(lock.value);
  const log = processLog('host', settings.logLevel);
  const { standing, ...room } = hostDisk(folder, reserveBytes, { clock, log });
  const served = await startHostRunner({
    name,
    bus,
    providers: PROVIDERS,
    blobs: busBlobs(bus),
    folder,
    ...room,
    keyring: keyring.value,
    clock,
    log,
    commandEnv: env,
    isOurs: isOwnProgram,
    deadMan: deadManLauncher(home, log),
    refuse: (call) => allowed.refuseCall(call),
  });
  runner = served;
  bus.serve(commandSubject(name), (payload) => answerCommand(payload, allowed, served));
  const held = new HeldPrograms(clock, (words) => allowed.refuseProgram(words));
  programs = held;
  bus.serve(HOST_SUBJECT.reserve, () => answerReserve(standing));
  bus.serve(programSubject(name), (payload) => held.answer(payload));
  setImmediate(releaseMemory);
  return ok(null);
});

bus.serve(HOST_SUBJECT.stop, async () => {
  programs?.stop();
  await runner?.stop();
  return ok(null);
});

const link = bus.connect(new Socket({ fd: 3 }));
// Without its core there is nobody to act for. Commands are killed with their groups before the
// call returns; what a provider writes itself stops here, as it would by kill -9, and is repeated.
void link.closed.then(() => {
  programs?.stop();
  void runner?.stop();
  process.exit(0);
});
// Ctrl-C in a terminal reaches the whole group; only the core decides when we end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);
