import type { JsonObject } from '../../../base/canonical-json.ts';
import type { BlobHash, StateItem } from '../../../model/checkpoint/capture.ts';

/** The parts of a host, in the order a person looks at them. */
export const SECTIONS = [
  { id: 'kernel', title: 'kernel and boot' },
  { id: 'packages', title: 'packages' },
  { id: 'services', title: 'services' },
  { id: 'ports', title: 'listening ports' },
  { id: 'files', title: 'files' },
  { id: 'cron', title: 'scheduled jobs' },
  { id: 'accounts', title: 'users and groups' },
  { id: 'links', title: 'links and addresses' },
  { id: 'routes', title: 'routes' },
  { id: 'sysctl', title: 'kernel settings' },
  { id: 'mounts', title: 'mounts' },
  { id: 'time', title: 'time' },
] as const;

/** One part of a host. */
export type SectionId = (typeof SECTIONS)[number]['id'];

/** What reading one section found. */
export interface SectionFindings {
  readonly items: readonly StateItem[];
  /** What could not be read, with the reason. */
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
  /** What was left out on purpose, in words. */
  readonly excluded: readonly string[];
}

/** Type of the item that says that a section was read: without it, gone and unread look alike. */
export const SECTION_TYPE = 'section';

/** One item of a section: `ports/tcp/0.0.0.0:22`. Attributes are short and compared as a whole. */
export function sectionItem(section: SectionId, key: string, attributes: JsonObject): StateItem {
  return { path: `${section}/${key}`, attributes: { ...attributes, section } };
}

/** A file of a section, by its own path; `content` only where it was stored. */
export function fileItem(
  section: SectionId,
  path: string,
  attributes: JsonObject,
  content?: { readonly hashes: readonly BlobHash[]; readonly size: number },
): StateItem {
  const stored = content === undefined ? {} : { content: content.hashes, size: content.size };
  return { path, attributes: { ...attributes, section }, ...stored };
}

/** Which section an item belongs to; undefined when it is none of ours. */
export function sectionOf({ attributes }: StateItem): SectionId | undefined {
  return SECTIONS.find(({ id }) => id === attributes['section'])?.id;
}

/** Items whose keys may repeat (two routes to one place) get a number from the second on. */
export function withoutRepeats(items: readonly StateItem[]): readonly StateItem[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const count = (seen.get(item.path) ?? 0) + 1;
    seen.set(item.path, count);
    return count === 1 ? item : { ...item, path: `${item.path}#${count}` };
  });
}
