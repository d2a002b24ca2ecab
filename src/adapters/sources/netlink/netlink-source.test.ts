import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { silentLog } from '../../../base/log.ts';
import { ok, unwrap, type Result } from '../../../base/result.ts';
import type { NetlinkDecoder } from '../../../ports/netlink-decoder.ts';
import type { RunningSource } from '../../../ports/source.ts';
import { MemoryTelemetryStore } from '../../../testing/memory-telemetry-store.ts';
import { runningClock } from '../../../testing/running-clock.ts';
import { iprouteCommands, type NetlinkCommands } from './netlink-commands.ts';
import { createNetlinkSource } from './netlink-source.ts';

/** A decoder that tells what it was asked, in order: what messages mean is tested elsewhere. */
function tellingDecoder(heard: string[]): NetlinkDecoder {
  const nothing = { rejects: [], mayHideRoutes: false };
  return {
    begin: () => void heard.push('begin'),
    push: (bytes) => {
      heard.push(new TextDecoder().decode(bytes));
      return { ...nothing, mayHideRoutes: heard.at(-1) === 'down' };
    },
    settle: () => void heard.push('settle'),
    replace: (what, dumps) => {
      heard.push(`${what} ${dumps.map((dump) => new TextDecoder().decode(dump)).join('+')}`);
      return nothing;
    },
  };
}

describe('netlink source', { timeout: 30_000 }, () => {
  let folder: string;
  let heard: string[];
  let running: RunningSource | undefined;

  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-netlink-'));
    heard = [];
    running = undefined;
  });
  afterEach(async () => {
    await running?.stop();
    await fs.rm(folder, { recursive: true });
  });

  const dumps = {
    routes: [
      ['printf', 'r4'],
      ['printf', 'r6'],
    ],
    addresses: [['printf', 'a']],
  };
  const start = (commands: Result<NetlinkCommands>): Promise<Result<RunningSource>> =>
    createNetlinkSource({
      decoderOf: () => tellingDecoder(heard),
      commandsOf: () => commands,
    }).start(
      { exclude: [] },
      {
        id: 'network',
        clock: runningClock(),
        log: silentLog,
        deliver: (batch, origin) =>
          new MemoryTelemetryStore().append(batch, { source: 'network', ...origin }),
        position: () => undefined,
        reject: () => undefined,
      },
    );
  const hears = async (count: number): Promise<void> => {
    while (heard.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test('says how to mend it where iproute2 is missing', async () => {
    const refused = await start(iprouteCommands({}, []));
    assert.ok(!refused.ok);
    assert.match(refused.error.message, /^LG_INGEST_SOURCE_UNREADABLE: rtmon is not installed/);
    assert.match(refused.error.message, /apt-get install iproute2/);
  });

  test('a program that ends at once is a failed start, with its last words', async () => {
    const monitor = ['/bin/sh', '-c', 'echo "Cannot open network namespace" >&2; exit 1'];
    const refused = await start(ok({ monitor, ...dumps }));
    assert.ok(!refused.ok);
    assert.match(refused.error.message, /rtmon: Cannot open network namespace/);
  });

  test('it is ready once links, addresses and routes are known, in this order', async () => {
    const monitor = ['/bin/sh', '-c', 'printf links; exec sleep 60'];
    running = unwrap(await start(ok({ monitor, ...dumps })));
    assert.deepEqual(heard, ['begin', 'links', 'settle', 'addresses a', 'routes r4+r6']);
    assert.equal(running.status().state, 'running');
  });

  test('after a link went down it looks at the routes again', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = await fs.open(pipe, 'r+');
    const monitor = ['/bin/sh', '-c', `printf links; exec cat '${pipe}'`];
    running = unwrap(await start(ok({ monitor, ...dumps })));
    await writer.write('down');
    await hears(8);
    assert.deepEqual(heard.slice(5), ['down', 'addresses a', 'routes r4+r6']);
    await writer.close();
  });

  test('a program that dies is started again, as often as it dies', async () => {
    const monitor = ['/bin/sh', '-c', 'printf links; sleep 0.3'];
    running = unwrap(await start(ok({ monitor, ...dumps })));
    await hears(15);
    assert.equal(heard.filter((word) => word === 'begin').length, 3);
    assert.match(running.status().problem ?? '', /^(rtmon ended|$)/);
  });

  test('a dump that fails is a problem of the status; messages go on', async () => {
    const monitor = ['/bin/sh', '-c', 'printf links; exec sleep 60'];
    const broken = { ...dumps, addresses: [['/bin/sh', '-c', 'echo no >&2; exit 2']] };
    running = unwrap(await start(ok({ monitor, ...broken })));
    assert.match(running.status().problem ?? '', /LG_INGEST_SOURCE_UNREADABLE: .*no/s);
    assert.equal(running.status().state, 'running');
  });
});
