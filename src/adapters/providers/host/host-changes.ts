import { differingItems, type ItemPair } from '../../../filetree/compare/tree-changes.ts';
import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';
import type { Change } from '../../../model/checkpoint/change.ts';
import type { StateSpec } from '../../../model/component/component.ts';
import { changeWords } from './change-words.ts';
import { SECTION_TYPE, sectionOf, SECTIONS, type SectionId } from './section.ts';

/**
 * What changed on a host, in words, section by section and by path within. A section that was not
 * read on both sides is passed over: nobody knows what changed there.
 */
export function hostChanges(state: StateSpec, from: StateImage, to: StateImage): readonly Change[] {
  const [before, after] = [sectionsOf(from), sectionsOf(to)];
  return differingItems(from, to)
    .flatMap((pair) => {
      const item = pair.to ?? pair.from;
      const section = item === undefined ? undefined : sectionOf(item);
      if (section === undefined || !before.has(section) || !after.has(section)) return [];
      if (item?.attributes['type'] === SECTION_TYPE || isUnseenProgram(pair)) return [];
      return [{ section, change: changeOf(state, section, pair) }];
    })
    .toSorted((a, b) => orderOf(a.section) - orderOf(b.section))
    .map(({ change }) => change);
}

function changeOf(state: StateSpec, section: SectionId, pair: ItemPair): Change {
  const { path, from, to } = pair;
  return {
    state: state.id,
    component: state.component,
    path,
    op: from === undefined ? 'create' : to === undefined ? 'delete' : 'update',
    section: SECTIONS.find(({ id }) => id === section)?.title ?? section,
    words: changeWords(pair),
    secret: from?.secret === true || to?.secret === true,
    reversible: 'yes',
    disruption: 'none',
  };
}

/** Sections that an image really holds. */
function sectionsOf({ items }: StateImage): ReadonlySet<SectionId> {
  const read = items.filter(({ attributes }) => attributes['type'] === SECTION_TYPE);
  return new Set(read.flatMap((item) => sectionOf(item) ?? []));
}

/** Whose port it is may be seen by one look and not by another: that is no change of the port. */
function isUnseenProgram({ from, to }: ItemPair): boolean {
  if (from?.attributes['type'] !== 'port' || to?.attributes['type'] !== 'port') return false;
  const isSeen = (item: StateItem): boolean => item.attributes['program'] !== undefined;
  return from.attributes['uid'] === to.attributes['uid'] && isSeen(from) !== isSeen(to);
}

function orderOf(section: SectionId): number {
  return SECTIONS.findIndex(({ id }) => id === section);
}
