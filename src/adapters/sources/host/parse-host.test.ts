import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseKernelStat } from '../../../linux/kernel-stat.ts';
import { parseLoad } from '../../../linux/load-average.ts';
import { parseMemory } from '../../../linux/memory-info.ts';
import { parsePressure } from '../../../linux/pressure.ts';
import { parseSwapTraffic } from '../../../linux/vm-stat.ts';
import { cpuShares } from './cpu-shares.ts';
import { hostSpecSchema } from './host-spec.ts';
import { parseDisks, parseInterfaces } from './parse-devices.ts';
import { readGroup } from './read-cgroup.ts';
import { watchedMounts } from './watched-mounts.ts';

/** Files of /proc as a real kernel 6.18 wrote them; the mount table has some lines added. */
const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8');

describe('files of /proc', () => {
  test('processor time is the sum of all processors, counted by mode', () => {
    const stat = parseKernelStat(recorded('stat'));
    assert.deepEqual(stat?.cpu, {
      user: 1_280_619,
      system: 176_543,
      idle: 1_926_373,
      iowait: 12_860,
      steal: 17_503,
    });
    assert.equal(stat?.cpus, 2);
    assert.equal(stat?.bootTimeS, 1_795_224_569);
    assert.equal(stat?.created, 176_036);
  });

  test('shares are of the time between two readings, also where a counter ran backwards', () => {
    const before = { user: 100, system: 50, idle: 800, iowait: 50, steal: 0 };
    const now = { user: 160, system: 70, idle: 815, iowait: 45, steal: 5 };
    assert.deepEqual(cpuShares(before, now), {
      user: 0.6,
      system: 0.2,
      idle: 0.15,
      iowait: 0,
      steal: 0.05,
    });
    assert.equal(cpuShares(now, now), undefined);
  });

  test('memory is what programs can still get, not what is unused', () => {
    const memory = parseMemory(recorded('meminfo'));
    assert.equal(memory?.total, 24_684_096 * 1024);
    assert.ok((memory?.available ?? 0) > (memory?.free ?? 0) * 0.9);
    assert.equal(memory?.swapTotal, 0);
    assert.deepEqual(parseSwapTraffic('nr_free 1\npswpin 3\npswpout 4\n'), {
      pagesIn: 3,
      pagesOut: 4,
    });
  });

  test('each writable local file system is watched once, whatever is bound or mounted over', () => {
    const mounts = watchedMounts(recorded('mountinfo'), ['/var/lib/docker/*']);
    assert.deepEqual(
      mounts.map(({ point, device, type }) => [point, device, type]),
      [
        ['/dev/shm', 'tmpfs', 'tmpfs'],
        ['/', '/dev/vda', 'ext4'],
        ['/sys/fs/cgroup', 'tmpfs', 'tmpfs'],
        ['/mnt/a b', '/dev/vdb', 'xfs'],
      ],
    );
  });

  test('the packaged daemon watches the disks of the host, which it sees read-only', () => {
    const exclude = hostSpecSchema.parse({}).filesystems.exclude;
    const mounts = watchedMounts(recorded('mountinfo-packaged'), exclude);
    assert.deepEqual(
      mounts.map(({ point, device }) => [point, device]),
      [
        ['/', '/dev/sda1'],
        ['/run', 'tmpfs'],
        ['/srv', '/dev/sdb1'],
      ],
    );
  });

  // Recorded by kernel 6.18 in a namespace made as systemd makes it for ProtectSystem=strict,
  // PrivateTmp and ProtectHome: the root bound recursively, then read-only mount by mount.
  test('a confined service watches every disk of the host once, and not its own folder', () => {
    const exclude = hostSpecSchema.parse({}).filesystems.exclude;
    const mounts = watchedMounts(recorded('mountinfo-confined'), exclude);
    assert.deepEqual(
      mounts.map(({ point, device }) => [point, device]),
      [
        ['/', '/dev/vda'],
        ['/sys/fs/cgroup', 'tmpfs'],
        ['/dev/shm', 'tmpfs'],
        ['/srv', '/dev/loop0'],
      ],
    );
  });

  test('disks are counted in bytes, unused ones and partitions left out', () => {
    const disks = parseDisks(recorded('diskstats'), ['loop0', 'vda', 'zram0']);
    assert.deepEqual(disks, [
      {
        name: 'vda',
        readBytes: 26_290_714 * 512,
        writtenBytes: 94_475_848 * 512,
        busyS: 464.18,
      },
    ]);
    const withPartition = '8 0 sda 1 0 8 0 1 0 8 0 0 5 5\n8 1 sda1 1 0 8 0 1 0 8 0 0 5 5\n';
    assert.equal(parseDisks(withPartition, []).length, 1);
  });

  test('interfaces that never carried anything are left out', () => {
    const names = parseInterfaces(recorded('netdev'), ['lo', 'veth*']).map(({ name }) => name);
    assert.deepEqual(names, ['enp0s3']);
  });

  test('pressure is the time that tasks stood still', () => {
    const pressure = parsePressure('memory', recorded('pressure-memory'));
    assert.deepEqual(
      pressure?.map(({ kind }) => kind),
      ['some', 'full'],
    );
    assert.equal(parseLoad('0.03 0.26 0.60 1/94 6106\n'), 0.03);
  });

  test('nothing that stands in such a file can break a parser', () => {
    const texts = ['stat', 'meminfo', 'mountinfo', 'diskstats', 'netdev', 'pressure-memory'].map(
      recorded,
    );
    const damaged = fc
      .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(), fc.string({ unit: 'binary' }))
      .map(([text, at, gone, middle]) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + middle + text.slice(start + (gone % 40));
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: 'binary' })), (text) => {
        const stat = parseKernelStat(text);
        assert.ok(stat === undefined || Object.values(stat.cpu).every(Number.isFinite));
        const memory = parseMemory(text);
        assert.ok(memory === undefined || memory.available <= memory.total);
        for (const { point } of watchedMounts(text, [])) assert.ok(point.startsWith('/'));
        for (const disk of parseDisks(text, [])) assert.ok(disk.readBytes >= 0);
        for (const { received } of parseInterfaces(text, [])) assert.ok(received.bytes >= 0);
        for (const { stalledUs } of parsePressure('io', text) ?? []) assert.ok(stalledUs >= 0);
        readGroup({ read: () => text });
      }),
      { numRuns: 50 },
    );
  });
});

describe('control groups', () => {
  const group = (files: Readonly<Record<string, string>>) =>
    readGroup({ read: (path) => files[path.replace('/sys/fs/cgroup/', '')] });

  test('version 2 in a container', () => {
    const found = group({
      'memory.max': '536870912\n',
      'memory.current': '300000000\n',
      'memory.stat': 'anon 1\ninactive_file 100000000\n',
      'cpu.max': '50000 100000\n',
      'cpu.stat': 'usage_usec 1234\nnr_throttled 3\nthrottled_usec 99\n',
    });
    assert.deepEqual(found, {
      memory: { limitBytes: 536_870_912, usedBytes: 200_000_000 },
      cpu: { limitCpus: 0.5, usedUs: 1234, throttledUs: 99 },
    });
  });

  test('version 1 in a container', () => {
    const found = group({
      'memory/memory.limit_in_bytes': '536870912\n',
      'memory/memory.usage_in_bytes': '300000000\n',
      'memory/memory.stat': 'cache 1\ntotal_inactive_file 100000000\n',
      'cpu/cpu.cfs_quota_us': '20000\n',
      'cpu/cpu.cfs_period_us': '100000\n',
      'cpu/cpu.stat': 'nr_throttled 3\nthrottled_time 99000\n',
      'cpuacct/cpuacct.usage': '1234000\n',
    });
    assert.deepEqual(found, {
      memory: { limitBytes: 536_870_912, usedBytes: 200_000_000 },
      cpu: { limitCpus: 0.2, usedUs: 1234, throttledUs: 99 },
    });
  });

  test('a machine itself has no limits, in either version', () => {
    assert.deepEqual(group({}), {});
    assert.deepEqual(
      group({
        'memory/memory.limit_in_bytes': '9223372036854771712\n',
        'memory/memory.usage_in_bytes': '300000000\n',
        'cpu/cpu.cfs_quota_us': '-1\n',
        'cpu/cpu.cfs_period_us': '100000\n',
        'cpuacct/cpuacct.usage': '1234000\n',
        'memory.max': 'max\n',
        'cpu.max': 'max 100000\n',
      }),
      {},
    );
  });
});
