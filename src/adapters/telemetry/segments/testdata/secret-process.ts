import { openSegmentStore } from '../open-segment-store.ts';
import { hostClock, memoryKeyring, testBatch } from './store-fixture.ts';
import { realDisk } from '../../../../base/disk.ts';
import { silentLog } from '../../../../base/log.ts';
import { unwrap } from '../../../../base/result.ts';

// Writes, seals and asks for a secret over and over until it is killed; for `secret.test.ts`.

const [, , folder = '', secret = ''] = process.argv;

const store = unwrap(
  await openSegmentStore({
    folder,
    disk: realDisk,
    keyring: memoryKeyring(),
    clock: hostClock,
    log: silentLog,
  }),
);
for (let round = 0; ; round += 1) {
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    observedNs: 1_790_000_000_000_000_000n + BigInt(round * 3000 + i),
    component: secret,
    service: secret,
    resource: `{"service.name":"${secret}"}`,
    body: `password ${secret} ${i}`,
    attributes: `{"token":"${secret}"}`,
    position: secret,
    uid: `${secret}-${round}-${i}`,
  }));
  const origin = { source: secret, sender: secret, position: secret };
  unwrap(await store.append(testBatch(rows), origin));
  const filter = { components: [secret], text: secret };
  const { records } = unwrap(await store.query({ ...filter, limit: 10, order: 'newest' }));
  if (records.length !== 10) throw new Error('the secret is not found');
  if (round % 3 === 2) unwrap(await store.seal());
  process.send?.(round);
}
