import type { Programs } from '../../../base/programs.ts';
import type { Result } from '../../../base/result.ts';
import type { Config } from '../../../config/schema.ts';
import type { SourceEntry } from '../../../evidence/collect/source-entry.ts';
import type { ResolveEntity } from '../../../model/component/entity.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { EvidenceSettings } from '../settings.ts';
import type { Discovered } from '../../discovery/discovered.ts';

/** What the sources of this process are put together from. */
export interface SourceWorld {
  readonly config: Config;
  /** Who may send, as of now. */
  readonly senders: () => EvidenceSettings['senders'];
  /** One for all sources; what it answers follows the aliases of the configuration. */
  readonly resolve: ResolveEntity;
  /** Stamps without a zone are of this host's own zone: minutes east of UTC. */
  readonly zoneMinutes: (unixMs: number) => number;
  readonly clock: Clock;
  /** Programs of a host, run by its runner; undefined: this machine's own. */
  readonly programsOn: (host: string | undefined) => Programs;
  /** What this host has to read; absent where the configuration names the sources. */
  readonly discovered?: Discovered;
}

/** Makes the entries of one kind of source; LG_ACCESS_… where a listener would be open to all. */
export type SourceEntries = (world: SourceWorld) => Result<readonly SourceEntry[]>;
