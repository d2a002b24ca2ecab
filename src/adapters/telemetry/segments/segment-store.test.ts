import * as fs from 'node:fs/promises';
import { telemetryStoreConformance } from '../../../testing/telemetry-store-conformance.ts';
import { memoryKeyring, openForTest, testFolder } from './testdata/store-fixture.ts';

telemetryStoreConformance('the segment store', async () => {
  const folder = await testFolder();
  const keyring = memoryKeyring();
  let store = await openForTest(folder, keyring);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openForTest(folder, keyring);
      return store;
    },
    dispose: async () => {
      await store.close();
      await fs.rm(folder, { recursive: true });
    },
  };
});
