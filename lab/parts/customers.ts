import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { countOrders } from '../customers/count-orders.ts';
import { readLately } from '../customers/lately.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { trustFile } from './certificate.ts';
import { shopUrl } from './data-center.ts';

/** Routers that have just met need some seconds to agree on the way. */
const startTimeoutMs = 40_000;

/** People who order through firewall and routers and keep a ledger of what they were told. */
export const customers: Part = {
  name: 'customers',
  summary: 'five orders a second from the client, with a ledger of how each ended',
  needs: ['namespaces', 'firewall', 'routers', 'nginx', 'services'],
  programs: [{ command: 'psql', debianPackage: 'postgresql-client-15' }],
  start: async (stage) => {
    const folder = stage.partFolder();
    await stage.launch({
      namespace: 'cli',
      name: 'customers',
      environment: { NODE_EXTRA_CA_CERTS: trustFile(stage) },
      command: [
        process.execPath,
        join(import.meta.dirname, '..', 'customers', 'load.ts'),
        shopUrl,
        folder,
      ],
    });
    const file = join(folder, 'lately.json');
    await waitUntil('customers are served', startTimeoutMs, () =>
      existsSync(file) && readLately(file).acknowledged > 0 ? true : undefined,
    );
  },
  check: async (stage) => {
    const { placed, paid, refused, unanswered, lost } = await countOrders(stage.folder);
    const { at, acknowledged } = readLately(join(stage.partFolder(), 'lately.json'));
    const seconds = ((Date.now() - at) / 1000).toFixed(1);
    if (acknowledged === 0) throw new LabFailure(`nobody is served; last look ${seconds} s ago`);
    const failed = `${refused} refused, ${unanswered} unanswered, ${lost.length} lost`;
    return `${placed} orders placed, ${paid} paid, ${failed}`;
  },
};
