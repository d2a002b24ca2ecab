import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openDuckDb } from './duck-db.ts';
import { MemoryFile } from '../memory-file.ts';
import { readPageHeader } from '../parquet/page-header.ts';
import { TextPages, type ChunkName } from './text-pages.ts';
import { scanForText } from './text-scan.ts';
import { loweredTexts, textSeeker } from './text-seeker.ts';

/** A column of Parquet as the database writes segments, with the places of its chunks. */
async function writtenTexts(texts: readonly string[], groupRows: number) {
  const database = await openDuckDb(64);
  const file = new MemoryFile('/dev/shm');
  try {
    const values = texts.map((text) => `('${text.replaceAll("'", "''")}')`).join(', ');
    await database.run(
      `COPY (SELECT * FROM (VALUES ${values}) AS t(body)) TO '${file.path}' (FORMAT parquet, ` +
        `COMPRESSION zstd, PARQUET_VERSION V2, ROW_GROUP_SIZE ${groupRows}, USE_TMP_FILE false)`,
    );
    const chunks = await database.rows(
      `SELECT coalesce(dictionary_page_offset, data_page_offset), total_compressed_size ` +
        `FROM parquet_metadata('${file.path}') ORDER BY row_group_id`,
    );
    return chunks.map(([start, length]) => file.read(Number(start), Number(length)));
  } finally {
    file.release();
    database.close();
  }
}

function scannedOf(chunks: readonly Uint8Array[], groupRows: number, keptBytes: number) {
  const reads: number[] = [];
  const reader = {
    groups: () =>
      chunks.map((_, number) => ({
        number,
        from: number * groupRows,
        to: (number + 1) * groupRows,
      })),
    readChunk: (_: string, group: number) => {
      reads.push(group);
      return chunks[group] ?? new Uint8Array();
    },
  };
  return { scanned: { id: 'one', reader, pages: new TextPages(keptBytes) }, reads };
}

const BODY = { rows: [{ from: 0, to: Infinity }], columns: ['body'] } as const;

describe('scan for a text', () => {
  test('a rare text is found in its row groups alone, whatever they keep texts as', async () => {
    const groupRows = 2048;
    // Different texts are kept one by one, equal ones in a dictionary.
    const texts = Array.from({ length: 12 * groupRows }, (_, row) =>
      row % (2 * groupRows) < groupRows ? `Request ${row} came` : `Worker ${row % 7} is idle`,
    );
    texts[3 * groupRows] = 'worker 3 has a NEEDLE 77';
    texts[8 * groupRows + 5] = 'Needle 77 again';
    const chunks = await writtenTexts(texts, groupRows);
    const { scanned, reads } = scannedOf(chunks, groupRows, 1e9);
    const groupsWith = async (text: string) => {
      const places = await scanForText(scanned, BODY, text);
      return places?.rows.map(({ from }) => from / groupRows);
    };
    assert.equal(chunks.length, 12);
    assert.deepEqual(await groupsWith('needle 77'), [3, 8]);
    assert.deepEqual(await groupsWith('WORKER 6 IS'), [1, 3, 5, 7, 9, 11]);
    assert.deepEqual(await groupsWith('needle 78'), []);
    assert.equal(reads.length, 12, 'what is kept is not read again');
  });

  test('memory for texts is bounded, and a common text is left to the database', async () => {
    const texts = Array.from({ length: 4 * 2048 }, (_, row) => `Request ${row} came`);
    const chunks = await writtenTexts(texts, 2048);
    const { scanned, reads } = scannedOf(chunks, 2048, 50_000);
    for (const round of [1, 2]) {
      const places = await scanForText(scanned, BODY, 'absent');
      assert.deepEqual(places?.rows, [], `round ${round}`);
    }
    assert.ok(reads.length > 4, 'little is kept, so some is read again');
    assert.equal(await scanForText(scanned, BODY, 'request'), BODY);
    assert.equal(await scanForText(scanned, BODY, 'requ\u00e9st'), BODY);
  });

  test('what lower case finds in a text is never missed', () => {
    const unit = fc.constantFrom(...'aZk@[`{09 \u212A\u0130\u00c9K');
    const text = fc.string({ unit, maxLength: 40 });
    const check = fc.property(
      fc.array(text, { maxLength: 9 }),
      text,
      fc.nat(3),
      (texts, part, at) => {
        const seek = textSeeker(part);
        const memory = Buffer.alloc(at + 500);
        const length = memory.write(texts.join(''), at);
        const lowered = loweredTexts(memory.subarray(at, at + length));
        const holds = texts.some((each) => lower(each).includes(lower(part)));
        if (seek !== undefined && holds) assert.ok(seek(lowered));
        if (seek?.(lowered) === true && !lowered.mayDeceive) {
          assert.ok(lower(texts.join('')).includes(lower(part)));
        }
      },
    );
    fc.assert(check, { numRuns: 500 });
  });

  test('any bytes are a page header or none, and others are left to the database', async () => {
    const bytes = fc.uint8Array({ maxLength: 60 });
    const check = fc.asyncProperty(bytes, fc.nat(70), async (chunk, at) => {
      const header = readPageHeader(chunk, at);
      if (header !== undefined) assert.ok(header.start <= header.end && header.end <= chunk.length);
      if (header === undefined && at === 0) {
        const name: ChunkName = { segment: 's', column: 'body', group: 0 };
        assert.ok(
          await new TextPages(0).mayHold(
            name,
            () => chunk,
            () => false,
          ),
        );
      }
    });
    await fc.assert(check, { numRuns: 2000 });
  });
});

/** As the database lowers: two letters outside of ASCII become letters of it. */
function lower(text: string): string {
  return text.replaceAll('\u0130', 'i').toLowerCase();
}
