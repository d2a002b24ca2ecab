import { useMemo } from 'react';
import type { TimelineRecord } from '../../api/types.ts';
import { useApi } from '../../api/use-api.ts';
import { isKept, reasonWords } from '../../checkpoint/checkpoint-words.ts';
import { msOf } from '../../time/words.ts';
import { apiFilterOf, type Filter } from '../filter.ts';
import { shareOf, type TimeWindow } from '../range/time-range.ts';

/** One thing on the lane of changes. */
export type Mark =
  | {
      readonly kind: 'checkpoint';
      readonly at: number;
      readonly words: string;
      readonly id: string;
      readonly look: 'good' | 'plain' | 'bad';
    }
  | {
      readonly kind: 'change';
      readonly at: number;
      readonly words: string;
      readonly record: TimelineRecord;
    }
  | {
      readonly kind: 'run';
      readonly at: number;
      readonly words: string;
      readonly id: string;
    }
  | {
      readonly kind: 'incident';
      readonly at: number;
      readonly to: number | undefined;
      readonly words: string;
      readonly id: string;
    };

/** Events that say that something was changed: `config.changed`, `deployment.completed`, … */
const CHANGE_EVENT = /(^deployment\.|\.changed$|^config\.|^host\.|\.restarted$)/;

/** More events than this in one window are a flood, and the strip shows that. */
const EVENTS_MAX = 500;

/** Checkpoints, changes, rollbacks and incidents of a window, in the order they are drawn. */
export function useMarks(filter: Filter, window: TimeWindow): readonly Mark[] {
  const everyMs = 10_000;
  const asked = apiFilterOf(
    { ...filter, kinds: ['event'], minSeverity: 0, text: '', trace: '', event: '' },
    window,
  );
  const events = useApi('timeline', { ...asked, limit: EVENTS_MAX }, { keep: true });
  const checkpoints = useApi('checkpointList', { limit: 1000 }, { everyMs });
  const incidents = useApi('incidentList', {}, { everyMs });
  const runs = useApi('runList', {}, { everyMs });
  return useMemo(() => {
    const all: readonly Mark[] = [
      ...(incidents.data?.incidents ?? []).map(incidentMark),
      ...(events.data?.records ?? []).flatMap(changeMark),
      ...(runs.data?.runs ?? []).map((run): Mark => ({
        kind: 'run',
        at: msOf(run.startedAt),
        words: `rollback ${run.run}, ${run.state}`,
        id: run.run,
      })),
      ...(checkpoints.data?.checkpoints ?? []).map(checkpointMark),
    ];
    return thinned(all, window);
  }, [events.data, checkpoints.data, incidents.data, runs.data, window]);
}

type CheckpointList = NonNullable<
  ReturnType<typeof useApi<'checkpointList'>>['data']
>['checkpoints'];

function checkpointMark({ id, status, statusReason, manifest }: CheckpointList[number]): Mark {
  const look = isKept(status) ? 'good' : ['bad', 'suspect'].includes(status) ? 'bad' : 'plain';
  const words = `checkpoint, ${status}: ${statusReason} (${reasonWords(manifest.reason)})`;
  return { kind: 'checkpoint', at: msOf(manifest.takenAt), words, id, look };
}

type IncidentList = NonNullable<ReturnType<typeof useApi<'incidentList'>>['data']>['incidents'];

function incidentMark({ id, title, firstBadAt, closedAt }: IncidentList[number]): Mark {
  const to = closedAt === undefined ? undefined : msOf(closedAt);
  return { kind: 'incident', at: msOf(firstBadAt), to, words: `incident: ${title}`, id };
}

function changeMark(record: TimelineRecord): readonly Mark[] {
  const { eventName = '', component = '', attributes } = record;
  if (!CHANGE_EVENT.test(eventName)) return [];
  const summary = attributes['change.summary'];
  const words = [eventName, component, typeof summary === 'string' ? summary : ''];
  const at = msOf(record.alignedTime);
  return [{ kind: 'change', at, words: words.filter((word) => word !== '').join(' · '), record }];
}

/** Marks closer together than this share of the width would lie on one another. */
const CLOSENESS = 1 / 110;

/** Of marks of one look that would lie on one another the newest stays, with how many it hides. */
function thinned(marks: readonly Mark[], window: TimeWindow): readonly Mark[] {
  const kept = new Map<string, { readonly mark: Mark; readonly hides: number }>();
  for (const mark of marks) {
    const share = shareOf(mark.at, window);
    const end = mark.kind === 'incident' ? shareOf(mark.to ?? window.to, window) : share;
    if (share > 1 || end < 0) continue;
    const place = mark.kind === 'incident' ? mark.id : Math.floor(share / CLOSENESS);
    const look = mark.kind === 'checkpoint' ? mark.look : '';
    const key = `${mark.kind}${look}${place}`;
    const before = kept.get(key);
    if (before === undefined) kept.set(key, { mark, hides: 0 });
    else {
      const newest = before.mark.at > mark.at ? before.mark : mark;
      kept.set(key, { mark: newest, hides: before.hides + 1 });
    }
  }
  return [...kept.values()].map(({ mark, hides }) =>
    hides === 0 ? mark : { ...mark, words: `${mark.words} (and ${hides} more here)` },
  );
}
