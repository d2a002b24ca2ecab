import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, utf8 } from '../../../base/bytes.ts';
import { timeNs } from '../../../base/time.ts';
import { batchRecords } from '../../../model/record/batch-records.ts';
import type { Normalized, NormalizerFactory } from '../../../ports/normalizer.ts';
import {
  ENTRY_BYTES_MAX,
  ExportParser,
  FIELD_BYTES_MAX,
  type ExportPiece,
} from './export-parser.ts';
import { journalExportNormalizer } from './export-normalizer.ts';
import { journalJsonNormalizer } from './journal-json-normalizer.ts';

const sample = (name: string): Uint8Array =>
  readFileSync(join(import.meta.dirname, 'testdata', name));

/** A value as the format writes what is no plain text. */
function binary(name: string, value: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(value.length), true);
  return concatBytes([utf8(`${name}\n`), length, value, utf8('\n')]);
}

/** The pieces of bytes that are cut after each of `sizes`, again and again. */
function parse(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): ExportPiece[] {
  const parser = new ExportParser();
  const pieces: ExportPiece[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    // Memory that is overwritten afterwards, as a stream may do with its own.
    const chunk = new Uint8Array(bytes.subarray(at, at + size));
    pieces.push(...parser.push(chunk));
    chunk.fill(0);
    at += size;
  }
  return [...pieces, ...parser.end()];
}

const fieldsOf = (pieces: readonly ExportPiece[]) =>
  pieces.map((piece) => (piece.kind === 'entry' ? piece.fields : piece.reason));

describe('journal export format', () => {
  test('gives the same records as the JSON of the same journal', () => {
    const bodies = (factory: NormalizerFactory, bytes: Uint8Array) => {
      const normalizer = factory({
        source: 'journal',
        observedNs: () => timeNs(1n),
        resolve: () => ({ host: 'vm' }),
      });
      const parts: Normalized = [...normalizer.push(bytes), ...normalizer.end()];
      return parts.map((part) => (part.kind === 'batch' ? batchRecords(part.batch, 0) : part));
    };
    const fromExport = bodies(journalExportNormalizer, sample('entries.export'));
    assert.equal(fromExport.flat().length, 9);
    assert.deepEqual(fromExport, bodies(journalJsonNormalizer, sample('entries.jsonl')));
  });

  test('keeps line ends in values, bytes that are no UTF-8, and repeated fields', () => {
    const bytes = concatBytes([
      utf8('A=1\nA=2\nA=3=4\n'),
      binary('MESSAGE', utf8('two\nlines\n\nB=no field')),
      binary('RAW', Uint8Array.of(0x62, 0xff, 0x00)),
      binary('EMPTY', new Uint8Array()),
      utf8('\n'),
    ]);
    assert.deepEqual(fieldsOf(parse(bytes)), [
      {
        A: ['1', '2', '3=4'],
        MESSAGE: 'two\nlines\n\nB=no field',
        RAW: 'b\u00ff\u0000',
        EMPTY: '',
      },
    ]);
  });

  test('gives the same entries however the stream is cut', () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,12}$/);
    const value = fc.uint8Array({ maxLength: 40 });
    const field = fc.tuple(name, value, fc.boolean());
    const entries = fc.array(fc.array(field, { minLength: 1, maxLength: 6 }), { maxLength: 6 });
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });
    fc.assert(
      fc.property(entries, sizes, (made, cuts) => {
        const parts = made.map((fields) => [
          ...fields.map(([key, raw, isBinary]) =>
            isBinary || raw.includes(0x0a)
              ? binary(key, raw)
              : concatBytes([utf8(`${key}=`), raw, utf8('\n')]),
          ),
          utf8('\n'),
        ]);
        const bytes = concatBytes(parts.flat());
        const whole = parse(bytes);
        assert.equal(whole.length, made.length);
        assert.ok(whole.every(({ kind }) => kind === 'entry'));
        assert.deepEqual(parse(bytes, cuts), whole);
      }),
    );
  });

  test('never throws, and takes garbage the same way however it is cut', () => {
    const noise = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 30 }),
        fc.constantFrom('\n', '\n\n', 'A=1\n', 'MESSAGE\n', 'x', '=\n').map(utf8),
        fc.constant(binary('RAW', utf8('a\nb'))),
      ),
    );
    fc.assert(
      fc.property(
        noise,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (made, cuts) => {
          const bytes = concatBytes(made);
          assert.deepEqual(parse(bytes, cuts), parse(bytes));
        },
      ),
    );
  });

  test('goes on at the next entry after something malformed', () => {
    const bytes = concatBytes([
      utf8('A=1\nnot a name\nB=2\n\nC=3\n\n'),
      utf8('MESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff\nD=4\n\nE=5\n\n'),
    ]);
    assert.deepEqual(fieldsOf(parse(bytes)), [
      'a line without the name of a field',
      { C: '3' },
      'a field of an impossible length',
      { E: '5' },
    ]);
  });

  test('takes the last entry without its empty line, and tells when it ends in a value', () => {
    assert.deepEqual(fieldsOf(parse(utf8('A=1\n\nB=2\n'))), [{ A: '1' }, { B: '2' }]);
    const torn = binary('MESSAGE', utf8('half of this')).subarray(0, 20);
    assert.deepEqual(fieldsOf(parse(torn)), ['the stream ends within a field']);
  });

  test('cuts giant values and giant entries instead of keeping them', () => {
    const giant = new Uint8Array(FIELD_BYTES_MAX * 2).fill(0x78);
    const one = concatBytes([binary('COREDUMP', giant), utf8('PRIORITY=2\n\n')]);
    const [piece] = parse(one, [10_000]);
    assert.ok(piece?.kind === 'entry' && piece.isCut);
    assert.equal(String(piece.fields['COREDUMP']).length, FIELD_BYTES_MAX);
    assert.equal(piece.fields['PRIORITY'], '2');
    const many = Array.from({ length: 20 }, (_, n) => binary(`F${n}`, giant.subarray(0, 200_000)));
    const [large] = parse(concatBytes([...many, utf8('\n')]));
    assert.ok(large?.kind === 'entry' && large.isCut);
    assert.ok(JSON.stringify(large.fields).length < ENTRY_BYTES_MAX + 1000);
  });
});
