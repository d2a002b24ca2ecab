import { hostname } from 'node:os';
import { openKeyFile } from '../../../src/adapters/keyrings/file/file-keyring.ts';
import { localFileAccess } from '../../../src/adapters/sources/file/file-access.ts';
import { createFileSource } from '../../../src/adapters/sources/file/file-source.ts';
import { createOtlpSource } from '../../../src/adapters/sources/otlp/otlp-source.ts';
import { openSegmentStore } from '../../../src/adapters/telemetry/segments/open-segment-store.ts';
import { realDisk } from '../../../src/base/disk.ts';
import { silentLog } from '../../../src/base/log.ts';
import { ok, unwrap } from '../../../src/base/result.ts';
import { hostClock } from '../../../src/daemon/host-clock.ts';
import { createEntityResolver } from '../../../src/evidence/align/resolve-entity.ts';
import { startCollection } from '../../../src/evidence/collect/start-collection.ts';
import { createOtlpDecoder } from '../../../src/evidence/normalize/otlp/otlp-decoder.ts';
import { createLineNormalizer } from '../../../src/evidence/normalize/text/add-line.ts';
import type { Source } from '../../../src/ports/source.ts';

/** Collects files and OTLP into the real store, says where it listens, is killed in its work. */
const [folder = '', keyFile = '', pattern = ''] = process.argv.slice(2);
const clock = hostClock();
const resolve = createEntityResolver();
const store = unwrap(
  await openSegmentStore({
    folder,
    disk: realDisk,
    keyring: unwrap(await openKeyFile(keyFile)),
    clock,
    log: silentLog,
  }),
);

async function entry(id: string, source: Source<unknown>, settings: unknown) {
  const parsed = await source.specSchema['~standard'].validate(settings);
  if (parsed.issues !== undefined) throw new Error(JSON.stringify(parsed.issues));
  return { id, kind: source.kind, source, spec: parsed.value };
}

const otlp = createOtlpSource({
  decoderOf: (source) => createOtlpDecoder({ source, resolve }),
  authorize: () => ok({ id: 'sender' }),
});
const files = createFileSource({
  access: localFileAccess,
  addLineOf: (source) => createLineNormalizer({ source, resolve }),
  resource: { 'host.name': hostname() },
});
const collection = await startCollection({
  store,
  clock,
  log: silentLog,
  sources: [
    await entry('otlp', otlp, { port: 0 }),
    await entry('files', files, { paths: [pattern], pollMs: 5, lookMs: 5 }),
  ],
  onBatch: () => {
    void store.status().then(({ records }) => process.stdout.write(`stored ${records}\n`));
  },
});
process.stdout.write(`ready ${collection.status()[0]?.target}\n`);
