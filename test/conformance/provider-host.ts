import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import { join } from 'node:path';
import { LocalBus } from '../../src/adapters/buses/local/local-bus.ts';
import { createKeyFile, openKeyFile } from '../../src/adapters/keyrings/file/file-keyring.ts';
import { PROVIDERS } from '../../src/adapters/registry.ts';
import { openLocalVault } from '../../src/adapters/vaults/local/local-vault.ts';
import { realDisk } from '../../src/base/disk.ts';
import { silentLog } from '../../src/base/log.ts';
import { unwrap } from '../../src/base/result.ts';
import { hostClock } from '../../src/daemon/host-clock.ts';
import { vaultBlobs } from '../../src/runner/blob-store.ts';
import { startHostRunner } from '../../src/runner/host-runner.ts';
import { providerClient, type CallDeadlines } from '../../src/runner/provider-client.ts';
import type { ProviderClient } from '../../src/ports/provider-client.ts';
import type { Vault } from '../../src/ports/vault.ts';

/** A real host runner with a real vault in a folder of its own. */
export interface ProviderHost {
  readonly client: ProviderClient;
  readonly vault: Vault;
  stop(): Promise<void>;
}

/**
 * Starts a host over an existing or empty data folder; `meanwhile` happens before every content
 * that it fetches, as anything may on a real disk.
 */
export async function startHost(
  data: string,
  deadlines?: CallDeadlines,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<ProviderHost> {
  const keyPath = join(data, 'key');
  const known = await fs.stat(keyPath).catch(() => undefined);
  const keyring = unwrap(await (known ? openKeyFile(keyPath) : createKeyFile(keyPath)));
  const vault = unwrap(await openLocalVault({ folder: join(data, 'vault'), keyring }));
  const clock = hostClock();
  const bus = new LocalBus({ clock, log: silentLog });
  const blobs = vaultBlobs(vault);
  const runner = await startHostRunner({
    name: 'local',
    bus,
    providers: PROVIDERS,
    blobs: {
      ...blobs,
      async get(hash) {
        await meanwhile();
        return blobs.get(hash);
      },
    },
    folder: join(data, 'host'),
    disk: realDisk,
    keyring,
    clock,
    log: silentLog,
    commandEnv: { PATH: process.env['PATH'] ?? '', HOME: os.homedir(), LANG: 'C.UTF-8' },
    isOurs: () => false,
  });
  return {
    client: providerClient(bus, () => 'local', randomUUID, deadlines),
    vault,
    async stop() {
      await runner.stop();
      await vault.close();
    },
  };
}
