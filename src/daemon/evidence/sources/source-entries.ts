import { ok } from '../../../base/result.ts';
import type { SourceEntry } from '../../../evidence/collect/source-entry.ts';
import { discover } from '../../discovery/discovered.ts';
import { fileEntries } from './file.ts';
import { hostEntries } from './host.ts';
import { journaldEntries } from './journald.ts';
import { kmsgEntries } from './kmsg.ts';
import { netlinkEntries } from './netlink.ts';
import { otlpEntries } from './otlp.ts';
import type { SourceEntries } from './source-world.ts';
import { rulesOf } from './rules-of.ts';
import { syslogEntries } from './syslog.ts';

/** Every kind of source this process runs, listeners first. */
const KINDS: readonly SourceEntries[] = [
  otlpEntries,
  syslogEntries,
  fileEntries,
  journaldEntries,
  kmsgEntries,
  hostEntries,
  netlinkEntries,
];

/** All sources of the configuration, or else of the host, in the order of `status`. */
export const sourceEntries: SourceEntries = (given) => {
  const isNamed = given.config.sources !== undefined;
  const world = isNamed ? given : { ...given, discovered: discover() };
  const entries: SourceEntry[] = [];
  for (const ofKind of KINDS) {
    const made = ofKind(world);
    if (!made.ok) return made;
    for (const entry of made.value) entries.push({ ...entry, rules: rulesOf(world.config, entry) });
  }
  return ok(entries);
};
