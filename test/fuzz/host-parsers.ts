import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeMemory,
  encodeMemory,
  NO_MEMORY,
} from '../../src/adapters/sources/host/host-memory.ts';
import { parseKernelStat } from '../../src/linux/kernel-stat.ts';
import { parseDisks, parseInterfaces } from '../../src/adapters/sources/host/parse-devices.ts';
import { parseMemory } from '../../src/linux/memory-info.ts';
import { watchedMounts } from '../../src/adapters/sources/host/watched-mounts.ts';
import { parsePressure } from '../../src/linux/pressure.ts';
import { readGroup } from '../../src/adapters/sources/host/read-cgroup.ts';
import { fromUtf8, utf8 } from '../../src/base/bytes.ts';
import { timeNs } from '../../src/base/time.ts';
import { createNetlinkDecoder } from '../../src/evidence/normalize/netlink/netlink-decoder.ts';
import { RecordBatchBuilder } from '../../src/model/record/record-batch.ts';
import type { FuzzedParser } from './parsers.ts';

const SOURCE = join(import.meta.dirname, '..', '..', 'src');
const PROC = join(SOURCE, 'adapters', 'sources', 'host', 'testdata');
const NETLINK = join(SOURCE, 'evidence', 'normalize', 'netlink', 'testdata');
const NOW = timeNs(1_800_000_000_000_000_000n);

const read = (folder: string, names: readonly string[]): readonly Uint8Array[] =>
  names.map((name) => readFileSync(join(folder, name)));

const procFiles: FuzzedParser = {
  name: 'host /proc',
  corpus: read(PROC, ['stat', 'meminfo', 'mountinfo', 'diskstats', 'netdev', 'pressure-memory']),
  run(input) {
    const text = fromUtf8(input);
    const memory = parseMemory(text);
    assert.ok(memory === undefined || memory.available <= memory.total);
    const stat = parseKernelStat(text);
    assert.ok(stat === undefined || Object.values(stat.cpu).every(Number.isFinite));
    assert.ok(watchedMounts(text, ['/run/*', '*a*b*']).every(({ point }) => point !== ''));
    assert.ok(parseDisks(text, []).every(({ busyS }) => busyS >= 0));
    assert.ok(parseInterfaces(text, ['veth*']).every(({ name }) => name !== ''));
    parsePressure('memory', text);
    readGroup({ read: () => text });
  },
};

const hostPosition: FuzzedParser = {
  name: 'host position',
  corpus: [
    utf8(
      encodeMemory({
        bootId: 'aaaa-bbbb',
        links: new Map([['eth0', { name: 'eth0', index: 2, oper: 'up', admin: 'up' }]]),
        watches: new Map([['memory', { level: 'warn', overSinceMs: {} }]]),
      }),
    ),
  ],
  run(input) {
    const memory = decodeMemory(fromUtf8(input));
    if (memory !== NO_MEMORY) assert.deepEqual(decodeMemory(encodeMemory(memory)), memory);
  },
};

const netlinkDump: FuzzedParser = {
  name: 'netlink dump',
  corpus: read(NETLINK, ['routes.save', 'addresses.save']),
  run(input) {
    const decoder = createNetlinkDecoder({ source: 'fuzz', resolve: () => ({}), resource: {} });
    const into = new RecordBatchBuilder();
    for (const what of ['routes', 'addresses'] as const) {
      decoder.replace(what, [input], NOW, into);
      decoder.replace(what, [], NOW, into);
    }
  },
};

/** The parsers of what this host tells of itself. */
export const HOST_PARSERS: readonly FuzzedParser[] = [procFiles, hostPosition, netlinkDump];

/** Sound inputs of `normalize --format rtmon`; the longest is cut, as short ones are quicker. */
export const RTMON_CORPUS: readonly Uint8Array[] = [
  ...read(NETLINK, ['changes.rtmon', 'failover.rtmon']),
  readFileSync(join(NETLINK, 'changes.rtmon')).subarray(6_000, 9_000),
];
