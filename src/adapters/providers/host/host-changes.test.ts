import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../base/canonical-json.ts';
import { stateImage, type StateItem } from '../../../model/checkpoint/capture.ts';
import { hostChanges } from './host-changes.ts';
import { fileItem, sectionItem, SECTIONS, type SectionId } from './section.ts';

const state = { id: 'web1/host', component: 'web1', provider: 'host', spec: {} };

const all: readonly StateItem[] = SECTIONS.map(({ id }) => read(id));

function read(section: SectionId): StateItem {
  return sectionItem(section, '', { type: 'section' });
}

function told(
  before: readonly StateItem[],
  after: readonly StateItem[],
  [was, is] = [all, all],
): readonly string[] {
  const [from, to] = [stateImage([...was, ...before]), stateImage([...is, ...after])];
  return hostChanges(state, from, to).map(({ section, words }) => `${section}: ${words}`);
}

const openssl = (version: string): StateItem =>
  sectionItem('packages', 'openssl:amd64', { type: 'package', name: 'openssl', version });
const port = (number: number, more: JsonObject): StateItem =>
  sectionItem('ports', `tcp/0.0.0.0:${number}`, {
    type: 'port',
    protocol: 'tcp',
    address: '0.0.0.0',
    port: number,
    uid: 0,
    ...more,
  });

test('what changed on a host is told in words, in the order a person looks', () => {
  const setting = (value: string): StateItem =>
    sectionItem('sysctl', 'net.ipv4.ip_forward', {
      type: 'setting',
      name: 'net.ipv4.ip_forward',
      value,
    });
  const group = (members: string): StateItem =>
    sectionItem('accounts', 'group/sudo', { type: 'group', name: 'sudo', gid: '27', members });
  const boot = (value: string): StateItem =>
    sectionItem('kernel', 'boot id', { type: 'kernel', name: 'boot id', value });
  const shadow = (changedAt: string): StateItem => ({
    ...fileItem('files', '/etc/shadow', { type: 'private', mode: '0640', size: 9, changedAt }),
    secret: true,
  });
  assert.deepEqual(
    told(
      [openssl('3.0.11'), setting('0'), group('ann'), boot('a'), shadow('2026-11-20T10:00:00Z')],
      [
        openssl('3.0.15'),
        setting('1'),
        group('ann,bo'),
        boot('b'),
        shadow('2026-11-21T14:02:11Z'),
        port(8080, { program: 'node' }),
      ],
    ),
    [
      'kernel and boot: the machine was rebooted',
      'packages: package openssl 3.0.11 → 3.0.15',
      'listening ports: port 8080/tcp listening on 0.0.0.0 (new, node)',
      'files: /etc/shadow was written at 2026-11-21T14:02:11Z (private: its content is never read)',
      'users and groups: group sudo +bo',
      'kernel settings: net.ipv4.ip_forward 0 → 1',
    ],
  );
});

test('a section that could not be read on one side is passed over, never told as gone', () => {
  const withoutPackages = all.filter((item) => item.path !== 'packages/');
  assert.deepEqual(told([openssl('3.0.11')], [], [all, withoutPackages]), []);
  assert.deepEqual(told([], [openssl('3.0.11')], [withoutPackages, all]), []);
});

test('a program that only one look could see is no change of its port', () => {
  assert.deepEqual(told([port(80, { program: 'nginx' })], [port(80, {})]), []);
  assert.deepEqual(told([port(80, { program: 'nginx' })], [port(80, { program: 'node' })]), [
    'listening ports: port 80/tcp nginx → node',
  ]);
});

test('equal hosts have no differences', () => {
  assert.deepEqual(told([openssl('1'), port(80, {})], [openssl('1'), port(80, {})]), []);
});
