import assert from 'node:assert/strict';
import { test } from 'node:test';
import { undrivenStates, undrivenWords } from './undriven.ts';

const DEADLINE = '2026-11-21T23:39:57.120000000Z';
const [BEFORE, AFTER] = ['2026-11-21T23:39:00Z', '2026-11-21T23:41:06Z'];
type Undriven = Parameters<typeof undrivenWords>[3];
const journalAt = '2026-11-21T23:30:00.5Z';
const said = (text: string, undriven: Omit<Undriven, 'journalAt'>): string =>
  undrivenWords('run_1', DEADLINE, Date.parse(text), { journalAt, ...undriven });

test('who reads of a run without a daemon hears until when it can be kept', () => {
  const revertsAt = '2026-11-21T23:40:57.5Z';
  const words = said(BEFORE, { deadMan: 'watching', revertsAt });
  assert.match(words, /takes it back at 2026-11-21T23:40:57Z; .* before 2026-11-21T23:39:57Z: /);
  assert.match(said(AFTER, { deadMan: 'watching', revertsAt }), /back at 2026-11-21T23:40:57Z$/);
  const gone = said(BEFORE, { deadMan: 'gone' });
  assert.match(
    gone,
    /does not run any more and has taken nothing back; to keep it, .*: lastgood up$/,
  );
  const unknown = said(BEFORE, { deadMan: 'unknown' });
  assert.match(unknown, /is taken back at 2026-11-21T23:39:57Z; to keep it, .*: lastgood up$/);
});

test('after the deadline it is told what the dead-man has done, and what is not known', () => {
  const found = [{ state: 'shop/files', at: 'before' } as const];
  assert.match(said(AFTER, { deadMan: 'reverted', found }), /has taken it back/);
  const other = [{ state: 'shop/files', at: 'foreign' } as const];
  assert.match(said(AFTER, { deadMan: 'reverted', found: other }), /taken back what it could/);
  assert.match(said(AFTER, { deadMan: 'gone' }), /has taken nothing back; lastgood up takes it/);
  const unknown = said(AFTER, { deadMan: 'unknown', why: 'not yours to read' });
  assert.match(unknown, /passed at 2026-11-21T23:39:57Z .* is not known here \(not yours/);
  const unarmed = undrivenWords('run_1', undefined, 0, { journalAt, deadMan: 'unknown' });
  assert.match(unarmed, /not armed yet/);
});

test('the map is what the dead-man left, or is marked as what the journal last knew', () => {
  const progress = ['a/files', 'b/files'].map((state) => ({
    state,
    component: state,
    at: 'target' as const,
    report: 'as the checkpoint wants it',
  }));
  const found = [{ state: 'a/files', at: 'before' } as const];
  const map = undrivenStates(progress, { journalAt, deadMan: 'reverted', found });
  assert.deepEqual(
    map.map(({ at, report }) => `${at}: ${report}`),
    [
      'before: put back by its dead-man, as before the run',
      'target: as the checkpoint wants it, as the journal last knew it at 2026-11-21T23:30:00Z',
    ],
  );
});
