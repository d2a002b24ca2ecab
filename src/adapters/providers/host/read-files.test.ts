import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromUtf8 } from '../../../base/bytes.ts';
import { ok } from '../../../base/result.ts';
import { hashOf } from '../../../filetree/read-content.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import { hostSpec } from './host-spec.ts';
import { readFiles } from './read-files.ts';

test('what others may not read never reaches the vault, whoever looks', async (t) => {
  const root = await fs.mkdtemp(join(tmpdir(), 'lastgood-etc-'));
  t.after(() => fs.rm(root, { recursive: true, force: true }));
  await fs.chmod(root, 0o755);
  await fs.mkdir(join(root, 'closed'));
  await fs.writeFile(join(root, 'open.conf'), 'listen 80\n', { mode: 0o644 });
  await fs.writeFile(join(root, 'by-mode'), 'hunter2', { mode: 0o640 });
  await fs.writeFile(join(root, 'by-name.pem'), 'hunter2', { mode: 0o644 });
  await fs.writeFile(join(root, 'closed', 'by-folder'), 'hunter2', { mode: 0o644 });
  await fs.chmod(join(root, 'closed'), 0o700);
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----\n';
  await fs.writeFile(join(root, 'by-content'), `# a comment\n${key}`, { mode: 0o644 });
  const stored: string[] = [];
  const io: Pick<ProviderIo, 'signal' | 'putBlob'> = {
    signal: t.signal,
    putBlob: async (bytes) => {
      stored.push(fromUtf8(bytes));
      return ok(hashOf(bytes));
    },
  };
  const found = await readFiles({
    spec: hostSpec.parse({ files: [root] }),
    io,
    store: true,
  });
  assert.deepEqual(stored, ['listen 80\n']);
  const types = found.items.map(({ path, attributes }) => [
    path.slice(root.length + 1),
    attributes['type'],
  ]);
  assert.deepEqual(Object.fromEntries(types), {
    '': 'folder',
    'by-content': 'private',
    'by-mode': 'private',
    'by-name.pem': 'private',
    closed: 'folder',
    'closed/by-folder': 'private',
    'open.conf': 'file',
  });
  assert.match(found.excluded.join(), /content of 4 private files/);
});
