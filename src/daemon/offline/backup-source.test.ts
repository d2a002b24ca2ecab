import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unwrap } from '../../base/result.ts';
import { writeAutomaticOff } from '../../config/automatic-switch.ts';
import { dataFolder } from '../../config/data-folder.ts';
import { idleBackupSource } from './backup-source.ts';

test('a backup keeps the switch against rollbacks by themselves', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'lastgood-backup-source-'));
  t.after(() => rmSync(root, { recursive: true }));
  const { automaticOff } = dataFolder(root, {});
  unwrap(writeAutomaticOff(automaticOff, 'racks'));
  writeFileSync(`${automaticOff}.7.new`, 'half');
  const parts = unwrap(await idleBackupSource(root).parts());
  assert.deepEqual(parts, [{ path: 'automatic.off', kind: 'replaced' }]);
});
