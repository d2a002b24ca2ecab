import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ExportEntry } from '../../../api/contract.ts';
import { ExportWriter } from './export-writer.ts';

const content = Buffer.from('evil').toString('base64');
const file = (path: string): ExportEntry => ({ kind: 'file', path, mode: 0o644, content });

/** An empty folder to export into, and beside it one that no export may touch. */
async function folders(t: TestContext): Promise<{ readonly into: string; readonly other: string }> {
  const root = await mkdtemp(join(tmpdir(), 'lastgood-export-'));
  t.after(() => rm(root, { recursive: true }));
  const [into, other] = [join(root, 'into'), join(root, 'other')];
  await mkdir(into);
  await mkdir(other);
  await writeFile(join(other, 'passwd'), 'root\n');
  return { into, other };
}

async function writeAll(into: string, entries: readonly ExportEntry[]): Promise<void> {
  const writer = new ExportWriter(into);
  for (const entry of entries) await writer.write(entry);
  await writer.end();
}

test('a link of an export leads nothing else of it out of the folder', async (t) => {
  const { into, other } = await folders(t);
  const link = (path: string, target: string): ExportEntry => ({ kind: 'link', path, target });
  const lists: readonly (readonly ExportEntry[])[] = [
    [link('a', other), file('a/evil')],
    [link('b', join(other, 'passwd')), { kind: 'part', path: 'b', content }],
    [link('c', other), link('c/evil', '/')],
    [link('d', other), { kind: 'folder', path: 'd/evil', mode: 0o755 }],
  ];
  for (const entries of lists) {
    await assert.rejects(writeAll(into, entries), { code: 'LG_API_ANSWER_INVALID' });
    assert.deepEqual(await readdir(other), ['passwd']);
    assert.equal(await readFile(join(other, 'passwd'), 'utf8'), 'root\n');
  }
});

test('a link is exported as it is, also where it leads nowhere', async (t) => {
  const { into } = await folders(t);
  await writeAll(into, [{ kind: 'link', path: 'etc/current', target: '../gone' }, file('etc/a')]);
  assert.equal(await readlink(join(into, 'etc/current')), '../gone');
  assert.equal(await readFile(join(into, 'etc/a'), 'utf8'), 'evil');
});
