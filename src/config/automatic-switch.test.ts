import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { unwrap } from '../base/result.ts';
import { readAutomaticOff, writeAutomaticOff } from './automatic-switch.ts';

function switchFile(t: TestContext): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'lastgood-switch-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  return join(folder, 'automatic.off');
}

test('the switch is thrown with its reason and taken back, twice, too', (t) => {
  const file = switchFile(t);
  assert.equal(readAutomaticOff(file), undefined);
  unwrap(writeAutomaticOff(file, 'racks'));
  unwrap(writeAutomaticOff(file, 'we move\n the racks'));
  assert.equal(readAutomaticOff(file), 'we move the racks');
  assert.equal(fs.statSync(file).mode & 0o777, 0o644, 'the daemon is another user');
  unwrap(writeAutomaticOff(file, undefined));
  unwrap(writeAutomaticOff(file, undefined));
  assert.equal(readAutomaticOff(file), undefined);
  assert.deepEqual(fs.readdirSync(join(file, '..')), []);
});

test('whatever bears its name throws it: empty, too long, a folder, a broken link', (t) => {
  const file = switchFile(t);
  fs.writeFileSync(file, ' \n');
  assert.equal(readAutomaticOff(file), `${file} is there`);
  fs.writeFileSync(file, 'ü'.repeat(100_000));
  assert.equal(readAutomaticOff(file), 'ü'.repeat(300));
  fs.rmSync(file);
  fs.mkdirSync(file);
  assert.match(readAutomaticOff(file) ?? '', /is no plain file$/);
  fs.rmdirSync(file);
  fs.symlinkSync(join(file, '..', 'nowhere'), file);
  assert.match(readAutomaticOff(file) ?? '', /is no plain file$/);
});

test('a switch that cannot be read or looked at is thrown', (t) => {
  const file = switchFile(t);
  fs.writeFileSync(file, '');
  // Its folder is a file: ENOTDIR for everybody, root included.
  assert.match(readAutomaticOff(join(file, 'automatic.off')) ?? '', /cannot be read/);
});

test('throwing it replaces a link and leaves alone what the link leads to', (t) => {
  const file = switchFile(t);
  const other = join(file, '..', 'passwd');
  fs.writeFileSync(other, 'root');
  fs.symlinkSync(other, file);
  unwrap(writeAutomaticOff(file, 'racks'));
  assert.equal(fs.readFileSync(other, 'utf8'), 'root');
  assert.equal(readAutomaticOff(file), 'racks');
});
