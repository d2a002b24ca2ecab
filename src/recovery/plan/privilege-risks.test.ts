import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/hash.ts';
import { stateImage, type StateItem } from '../../model/checkpoint/capture.ts';
import { isBlobHash } from '../../model/checkpoint/image-blob.ts';
import { privilegeRisks } from './privilege-risks.ts';

function file(path: string, more: JsonObject, text = 'the program'): StateItem {
  const attributes = { type: 'file', mode: '0755', uid: 0, gid: 0, ...more };
  return { path, attributes, content: [sha256(text)].filter(isBlobHash), size: text.length };
}

function risks(now: readonly StateItem[], wanted: readonly StateItem[]): readonly string[] {
  const state = { id: 'app/files', component: 'app', provider: 'files' };
  const images = { now: stateImage(now), wanted: stateImage(wanted) };
  return privilegeRisks({ state, ...images });
}

const CAPABLE = { xattrs: { 'security.capability': 'AQAAAg==' } };

test('a plan names every file that would run with rights it does not have now', () => {
  const setuid = { mode: '4755' };
  assert.deepEqual(risks([file('/a', {})], [file('/a', setuid), file('/b', CAPABLE)]), [
    'app/files: /a runs with rights of its own: mode 4755.',
    'app/files: /b runs with rights of its own: security.capability.',
  ]);
  const otherProgram = risks([file('/a', setuid)], [file('/a', setuid, 'another program')]);
  assert.deepEqual(otherProgram, ['app/files: /a runs with rights of its own: mode 4755.']);
  assert.deepEqual(risks([file('/a', { mode: '2755' })], [file('/a', {})]), [
    'app/files: /a loses mode 2755.',
  ]);
});

test('a plan says nothing of files that keep their rights or have none', () => {
  const same = [file('/a', { mode: '4755' }), file('/b', CAPABLE)];
  assert.deepEqual(risks(same, same), []);
  assert.deepEqual(risks([file('/c', {})], [file('/c', { mode: '0700' })]), []);
  const folder = { path: '/d', attributes: { type: 'folder', mode: '2775', uid: 0, gid: 0 } };
  assert.deepEqual(risks([], [folder]), []);
});

test('of very many such files a plan names some and counts the rest', () => {
  const many = Array.from({ length: 25 }, (_, at) => file(`/f${at}`, { mode: '4755' }));
  const said = risks([], many);
  assert.equal(said.length, 21);
  assert.match(said.at(-1) ?? '', /5 more files/);
});
