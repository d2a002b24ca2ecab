import type { Config } from '../../config/schema.ts';
import type { DataFolder } from '../../config/data-folder.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';
import type { Catalogue } from '../../recovery/checkpoint/catalogue.ts';
import type { Hold } from '../../recovery/rollback/hold.ts';
import type { Rollbacks } from '../../recovery/rollback/rollbacks.ts';
import type { Core } from '../core.ts';
import type { Health } from '../recovery/health.ts';
import type { Inventory } from '../recovery/inventory.ts';
import type { Planner } from '../recovery/planner.ts';

/** What of the core rollbacks by themselves use, and nothing else. */
export interface AutomaticCore extends Pick<
  Core,
  'clock' | 'log' | 'incidents' | 'plans' | 'requireNotFrozen'
> {
  readonly config: () => Pick<Config, 'rollback'>;
  readonly folder: Pick<DataFolder, 'automaticOff'>;
  readonly rollbacks: Pick<Rollbacks, 'listWithUnread' | 'active' | 'startRun'>;
  readonly hold: Pick<Hold, 'on'>;
  readonly planner: Pick<Planner, 'plan' | 'foreseeRun'>;
  readonly client: Pick<ProviderClient, 'capabilities'>;
  readonly health: Pick<Health, 'round'>;
  readonly checkpoints: { readonly catalogue: Pick<Catalogue, 'view'> };
  readonly inventory: () => Pick<Inventory, 'state'>;
}
