import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openSqliteControlStore } from '../../../adapters/control/sqlite/sqlite-control-store.ts';
import { realDisk } from '../../../base/disk.ts';
import { unwrap } from '../../../base/result.ts';
import type { ControlStore } from '../../../ports/control-store.ts';
import type { Keyring } from '../../../ports/keyring.ts';

/** A control store in a folder of its own, gone after the test. */
export async function ownControlStore(t: TestContext, keyring: Keyring): Promise<ControlStore> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'lg-control-'));
  const path = join(folder, 'control.db');
  const control = unwrap(await openSqliteControlStore({ path, keyring, disk: realDisk }));
  t.after(async () => {
    await control.close();
    await fs.rm(folder, { recursive: true });
  });
  return control;
}
