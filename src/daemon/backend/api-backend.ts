import type { ApiBackend } from '../../api/backend.ts';
import { copyKeyFile } from '../../adapters/keyrings/file/file-keyring.ts';
import { createBackup } from '../../backup/create-backup.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { Keyring } from '../../ports/keyring.ts';
import { BACKUP_MS_MAX, backupSource } from '../offline/backup-source.ts';
import type { Core } from '../core.ts';
import { checkpointCalls } from './checkpoints.ts';
import { hookCalls } from './hooks.ts';
import { incidentCalls } from './incidents.ts';
import { metricsText } from './metrics.ts';
import { planCalls } from './plans.ts';
import { rollbackCalls } from './rollbacks.ts';
import { systemCalls } from './system.ts';
import { timelineCalls } from './timeline.ts';

/** Everything the API asks of the daemon, one file a part of the contract. */
export function apiBackend(core: Core, keyring: Keyring): ApiBackend {
  return {
    ...systemCalls(core),
    ...timelineCalls(core),
    ...checkpointCalls(core),
    ...incidentCalls(core),
    ...planCalls(core),
    ...rollbackCalls(core),
    ...hookCalls(core),
    backupCreate: (_caller, { directory }) =>
      createBackup({
        dataDirectory: core.folder.root,
        directory,
        source: backupSource(core),
        keyring,
        copyKey: (to) => copyKeyFile(core.folder.key, to),
        createdAt: toRfc3339(core.clock.now()),
        version: core.version,
        signal: AbortSignal.timeout(BACKUP_MS_MAX),
      }),
    metrics: () => metricsText(core),
    listen: (hear) => core.news.listen(hear),
  };
}
