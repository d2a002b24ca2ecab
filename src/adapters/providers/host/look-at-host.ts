import { messageOf } from '../../../base/error.ts';
import { assertUnreachable } from '../../../base/assert.ts';
import { Breather } from '../../../filetree/file-access.ts';
import { stateImage, type StateItem } from '../../../model/checkpoint/capture.ts';
import type { Observation, ProviderIo } from '../../../ports/provider.ts';
import type { HostAccess, ReadSection } from './host-access.ts';
import type { HostSpec } from './host-spec.ts';
import { readCron, readFiles } from './read-files.ts';
import { readPorts, readServices } from './read-programs.ts';
import { readSysctl } from './read-sysctl.ts';
import {
  readAccounts,
  readKernel,
  readLinks,
  readMounts,
  readPackages,
  readRoutes,
  readTime,
} from './read-system.ts';
import {
  SECTION_TYPE,
  SECTIONS,
  sectionItem,
  type SectionFindings,
  type SectionId,
} from './section.ts';

/** Looks at the chosen sections, one after the other; one that cannot be read hides no other. */
export async function lookAtHost(
  spec: HostSpec,
  io: ProviderIo,
  store: boolean,
): Promise<Observation> {
  const host: HostAccess = { spec, io, store, breather: new Breather() };
  const items: StateItem[] = [];
  const unreadable: { path: string; why: string }[] = [];
  const excluded: string[] = [];
  const included: string[] = [];
  for (const { id, title } of SECTIONS.filter((one) => spec.sections.includes(one.id))) {
    io.signal.throwIfAborted();
    const findings = await readSafely(id, host);
    const isRead = findings.items.length > 0 || findings.unreadable.length === 0;
    items.push(...findings.items);
    // What was not read must not look as if it were gone.
    if (isRead) items.push(sectionItem(id, '', { type: SECTION_TYPE }));
    unreadable.push(...findings.unreadable);
    excluded.push(...findings.excluded);
    if (isRead) included.push(`${title} (${findings.items.length})`);
  }
  return { image: stateImage(items), unreadable, coverage: { included, excluded } };
}

async function readSafely(id: SectionId, host: HostAccess): Promise<SectionFindings> {
  try {
    return await readerOf(id)(host);
  } catch (thrown) {
    host.io.signal.throwIfAborted();
    return { items: [], unreadable: [{ path: id, why: messageOf(thrown) }], excluded: [] };
  }
}

function readerOf(id: SectionId): ReadSection {
  switch (id) {
    case 'kernel':
      return readKernel;
    case 'packages':
      return readPackages;
    case 'services':
      return readServices;
    case 'ports':
      return readPorts;
    case 'files':
      return readFiles;
    case 'cron':
      return readCron;
    case 'accounts':
      return readAccounts;
    case 'links':
      return readLinks;
    case 'routes':
      return readRoutes;
    case 'sysctl':
      return readSysctl;
    case 'mounts':
      return readMounts;
    case 'time':
      return readTime;
    default:
      return assertUnreachable(id);
  }
}
