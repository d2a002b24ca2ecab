import { at, listAt } from '../../place/document.ts';
import type { Place } from '../../place/place.ts';

/** What is stored, by the first word of its body: how often each is there. */
export async function storedMarks(place: Place): Promise<ReadonlyMap<string, number>> {
  const marks = new Map<string, number>();
  for (let cursor = ''; ;) {
    const { status, body } = await place.api(`timeline?limit=10000&order=oldest${cursor}`);
    if (status !== 200) throw new Error(`the timeline answered ${status}: ${JSON.stringify(body)}`);
    for (const record of listAt(body, 'records')) {
      const mark = String(at(record, 'body')).split(' ', 1)[0] ?? '';
      marks.set(mark, (marks.get(mark) ?? 0) + 1);
    }
    const next = at(body, 'nextCursor');
    if (typeof next !== 'string') return marks;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}
