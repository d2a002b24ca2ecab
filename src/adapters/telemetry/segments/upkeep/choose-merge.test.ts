import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { LiveSegment } from '../segment-list.ts';
import { chooseMerge } from './choose-merge.ts';

const SEAL_NS = 300_000_000_000n;
const NONE: ReadonlySet<string> = new Set();

/** A segment that was sealed as the n-th, with rows of 500 bytes. */
function sealed(n: number, rows: number): LiveSegment {
  const minObserved = BigInt(n) * SEAL_NS;
  return segment(n, n, rows, minObserved, minObserved + SEAL_NS - 1n);
}

function segment(
  from: number,
  to: number,
  rows: number,
  minObserved: bigint,
  maxObserved: bigint,
): LiveSegment {
  const [minMoment, maxMoment] = [minObserved, maxObserved];
  const facts = {
    id: `${from}-${to}`,
    bytes: rows * 40,
    plainBytes: rows * 500,
    sha256: '',
    key: '',
    rows,
    firstLsn: from,
    endLsn: to + 1,
    minMoment: String(minMoment),
    maxMoment: String(maxMoment),
    minObserved: String(minObserved),
    maxObserved: String(maxObserved),
    components: [],
    groups: [],
    hasUids: false,
    sealedAtMs: 0,
  };
  const place = { id: facts.id, path: '', key: new Uint8Array(), firstSeq: from };
  return { ...place, minMoment, maxMoment, facts };
}

/** What a merge makes of neighbors. */
function merged(run: readonly LiveSegment[]): LiveSegment {
  const [first, last] = [run[0], run.at(-1)];
  assert.ok(first !== undefined && last !== undefined);
  const rows = run.reduce((sum, { facts }) => sum + facts.rows, 0);
  const begin = BigInt(first.facts.minObserved ?? 0);
  const end = BigInt(last.facts.maxObserved ?? 0);
  return segment(first.facts.firstLsn, last.facts.endLsn - 1, rows, begin, end);
}

test('whatever a host sends, no record is copied often', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 120_000 })), {
        minLength: 1,
        maxLength: 600,
        size: 'max',
      }),
      (sizes) => {
        let segments: readonly LiveSegment[] = [];
        let copied = 0;
        sizes.forEach((rows, n) => {
          segments = [...segments, sealed(n, rows)];
          for (;;) {
            const run = chooseMerge(segments, DEFAULT_LIMITS, NONE);
            if (run === undefined) break;
            const at = segments.findIndex(({ id }) => id === run[0]?.id);
            assert.deepEqual(segments.slice(at, at + run.length), run, 'neighbors');
            const one = merged(run);
            assert.ok((one.facts.plainBytes ?? 0) <= DEFAULT_LIMITS.mergeBytes);
            const span = BigInt(one.facts.maxObserved ?? 0) - BigInt(one.facts.minObserved ?? 0);
            assert.ok(span <= BigInt(DEFAULT_LIMITS.mergeSpanMs) * 1_000_000n);
            copied += one.facts.rows;
            segments = [...segments.slice(0, at), one, ...segments.slice(at + run.length)];
          }
        });
        const total = sizes.reduce((sum, rows) => sum + rows, 0);
        assert.ok(copied <= 6 * total, `${copied} copied of ${total}`);
      },
    ),
    { numRuns: 15 },
  );
});

test('a month of a quiet host, a segment each five minutes, is a few hundred segments', () => {
  let segments: readonly LiveSegment[] = [];
  for (let n = 0; n < 30 * 288; n += 1) {
    segments = [...segments, sealed(n, 300)];
    // Old ones are settled: only the newest can change.
    for (;;) {
      const run = chooseMerge(segments.slice(-600), DEFAULT_LIMITS, NONE);
      if (run === undefined) break;
      const at = segments.findIndex(({ id }) => id === run[0]?.id);
      segments = [...segments.slice(0, at), merged(run), ...segments.slice(at + run.length)];
    }
  }
  assert.ok(segments.length <= 30 * 15, `${segments.length} segments`);
});

test('neighbors of a segment that cannot be written anew are not brought together over it', () => {
  const segments = Array.from({ length: 16 }, (_, n) => sealed(n, 100));
  const leave = new Set(['5-5']);
  const run = chooseMerge(segments, DEFAULT_LIMITS, leave);
  assert.deepEqual(
    run?.map(({ facts }) => facts.firstLsn),
    [6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  );
});
