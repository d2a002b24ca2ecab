import assert from 'node:assert/strict';
import { decodePositions, encodePositions } from '../../src/adapters/sources/file/file-position.ts';
import { cutLines } from '../../src/adapters/sources/file/cut-lines.ts';
import { fromUtf8, utf8 } from '../../src/base/bytes.ts';
import { timeNs } from '../../src/base/time.ts';
import { NTP_COMMANDS } from '../../src/evidence/align/ntp/ntp-reading.ts';
import { createEntityResolver } from '../../src/evidence/align/resolve-entity.ts';
import { FORMATS } from '../../src/evidence/normalize/formats.ts';
import { createOtlpDecoder } from '../../src/evidence/normalize/otlp/otlp-decoder.ts';
import { createSyslogReader } from '../../src/evidence/normalize/syslog/syslog-reader.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../src/model/record/record-batch.ts';
import type { OtlpSignal } from '../../src/ports/export-decoder.ts';
import { HOST_PARSERS, RTMON_CORPUS } from './host-parsers.ts';
import { FORMAT_CORPUS, LINES, PROTOBUF, REQUESTS } from './corpus.ts';

/** A parser under fire. */
export interface FuzzedParser {
  readonly name: string;
  readonly corpus: readonly Uint8Array[];
  /** Throws when the parser breaks a promise; what it makes of garbage is its own business. */
  readonly run: (input: Uint8Array) => void;
}

const resolve = createEntityResolver();
const NOW = timeNs(1_800_000_000_000_000_000n);

/** What holds for every batch, whatever came in. */
function checkBatch(batch: RecordBatch): void {
  assert.equal(batch.kind.length, batch.rows);
  assert.equal(batch.attributes.length, batch.rows);
  for (let row = 0; row < batch.rows; row += 1) {
    assert.ok((batch.severity[row] ?? 99) <= 24);
    assert.ok((batch.resource[row] ?? Infinity) < batch.dictionary.length);
    const attributes = batch.attributes[row] ?? '';
    if (attributes !== '') JSON.parse(attributes);
    if (batch.bodyIsJson[row] === 1) JSON.parse(batch.body[row] ?? '');
  }
}

function otlp(signal: OtlpSignal, encoding: 'protobuf' | 'json'): FuzzedParser {
  const decoder = createOtlpDecoder({ source: 'fuzz', resolve });
  const sound = encoding === 'json' ? utf8(JSON.stringify(REQUESTS[signal])) : PROTOBUF[signal];
  return {
    name: `otlp ${signal} ${encoding}`,
    corpus: [sound, sound.subarray(0, sound.length >> 1)],
    run(input) {
      const decoded = decoder.decode(signal, encoding, input, NOW);
      if (decoded.ok) checkBatch(decoded.value.batch);
      else assert.match(decoded.error.code, /^LG_INGEST_BODY_/);
    },
  };
}

function format(name: string): FuzzedParser {
  const factory = FORMATS[name];
  assert.ok(factory !== undefined, `a corpus is there for ${name}, but no such format`);
  return {
    name: `format ${name}`,
    corpus: name === 'rtmon' ? RTMON_CORPUS : (FORMAT_CORPUS[name] ?? []),
    run(input) {
      const normalizer = factory({ source: 'fuzz', observedNs: () => NOW, resolve });
      const middle = input.length >> 1;
      const parts = [
        normalizer.push(input.subarray(0, middle)),
        normalizer.push(input.subarray(middle)),
        normalizer.end(),
      ];
      for (const part of parts.flat()) if (part.kind === 'batch') checkBatch(part.batch);
    },
  };
}

const filePosition: FuzzedParser = {
  name: 'file position',
  corpus: [
    utf8(
      encodePositions([
        {
          path: '/var/log/a.log',
          identity: '1:2',
          head: { length: 5, hash: 'abc' },
          offset: 7,
          tail: { length: 5, hash: 'def' },
          isSkipping: true,
        },
      ]),
    ),
  ],
  run(input) {
    for (const { offset } of decodePositions(fromUtf8(input))) assert.ok(offset >= 0);
  },
};

const lines: FuzzedParser = {
  name: 'file lines',
  corpus: LINES.map((line) => utf8(`${line}\r\n${line}\n`)),
  run(input) {
    const { done } = cutLines(input, input.length % 2 === 1, input.length % 3 === 1);
    assert.ok(done <= input.length);
  },
};

/** The listener's way: one reader with a memory for many connections, each cut anywhere. */
function syslogListener(): FuzzedParser {
  let rejected = 0;
  const reject = (): void => {
    rejected += 1;
  };
  const reader = createSyslogReader({ source: 'fuzz', resolve, reject });
  const origin = { address: '192.0.2.7', resource: { 'host.ip': ['192.0.2.7'] } };
  return {
    name: 'syslog listener',
    corpus: FORMAT_CORPUS['syslog'] ?? [],
    run(input) {
      const before = rejected;
      const into = new RecordBatchBuilder();
      const stream = reader.stream(origin);
      const step = 1 + (input.length % 97);
      for (let at = 0; at < input.length; at += step) {
        stream.push(input.subarray(at, at + step), NOW, into);
      }
      stream.end(NOW, into);
      assert.equal(stream.isInside, false);
      reader.add(input, origin, NOW, into);
      const batch = into.build();
      checkBatch(batch);
      const isEmpty = /^[\d \r\n\0]*$/.test(fromUtf8(input));
      assert.ok(isEmpty || batch.rows + rejected > before, 'a payload was lost');
    },
  };
}

/** What chronyc and ntpq print on a host. */
const ntp: FuzzedParser = {
  name: 'ntp',
  corpus: [
    '7F000001,127.0.0.1,4,1795275144.0,0.249999017,-0.0,0.0,-0.0,-0.0,0.2,0.0048,0.0017,1.0,Normal',
    'leap=00, stratum=2, rootdelay=12.5, rootdisp=24.25, refid=192.0.2.1, offset=-0.75',
  ].map(utf8),
  run(input) {
    for (const { read } of NTP_COMMANDS) {
      const found = read(fromUtf8(input));
      if (found?.kind === 'synchronized')
        assert.ok(Number.isFinite(found.offsetMs + found.boundMs));
    }
  },
};

/** Every parser of foreign input, each with a corpus of sound inputs. */
export const PARSERS: readonly FuzzedParser[] = [
  otlp('logs', 'protobuf'),
  otlp('traces', 'protobuf'),
  otlp('metrics', 'protobuf'),
  otlp('logs', 'json'),
  otlp('traces', 'json'),
  otlp('metrics', 'json'),
  ...Object.keys(FORMATS).map(format),
  syslogListener(),
  filePosition,
  lines,
  ntp,
  ...HOST_PARSERS,
];
