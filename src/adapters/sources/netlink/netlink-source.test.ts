import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { silentLog } from '../../../base/log.ts';
import { localPrograms } from '../../../base/programs.ts';
import { ok, unwrap, type Result } from '../../../base/result.ts';
import type { NetlinkDecoder } from '../../../ports/netlink-decoder.ts';
import type { RunningSource } from '../../../ports/source.ts';
import { MemoryTelemetryStore } from '../../../testing/memory-telemetry-store.ts';
import { runningClock } from '../../../testing/running-clock.ts';
import { iprouteCommands, type NetlinkCommands } from './netlink-commands.ts';
import { createNetlinkSource } from './netlink-source.ts';

/**
 * A decoder that tells what it was asked, in order: what messages mean is tested elsewhere. Each
 * piece of input makes a record.
 */
function tellingDecoder(heard: string[]): NetlinkDecoder {
  const nothing = { rejects: [], mayHideRoutes: false };
  return {
    begin: () => void heard.push('begin'),
    push: (bytes, observedNs, into) => {
      into.add({ kind: 'event', observedNs, source: 'network', eventName: 'network.heard' });
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

const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 5));

describe('netlink source', { timeout: 30_000 }, () => {
  let folder: string;
  let heard: string[];
  let rejects: string[];
  let store: MemoryTelemetryStore;
  let running: RunningSource | undefined;

  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-netlink-'));
    heard = [];
    rejects = [];
    store = new MemoryTelemetryStore();
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
      programsOf: () => localPrograms,
      commandsOf: () => commands,
    }).start(
      { exclude: [] },
      {
        id: 'network',
        clock: runningClock(),
        log: silentLog,
        deliver: (batch, origin) => store.append(batch, { source: 'network', ...origin }),
        position: () => undefined,
        reject: ({ reason }) => rejects.push(reason),
        shed: () => undefined,
        refuse: () => undefined,
      },
    );
  const hears = async (count: number): Promise<void> => {
    while (heard.length < count) await turn();
  };

  const makePipe = async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    return { path, writer: await fs.open(path, 'r+') };
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
    const { path, writer } = await makePipe();
    const monitor = ['/bin/sh', '-c', `printf links; exec cat '${path}'`];
    running = unwrap(await start(ok({ monitor, ...dumps })));
    await writer.write('down');
    await hears(8);
    assert.deepEqual(heard.slice(5), ['down', 'addresses a', 'routes r4+r6']);
    await writer.close();
  });

  test('a program that dies is started again each time, and all is compared anew', async () => {
    const { path, writer } = await makePipe();
    const script = `printf links; read -r _ < '${path}'; echo 'it was shot' >&2; exit 1`;
    running = unwrap(await start(ok({ monitor: ['/bin/sh', '-c', script], ...dumps })));
    const life = ['begin', 'links', 'settle', 'addresses a', 'routes r4+r6'];
    const lives = [...life];
    for (let deaths = 1; deaths <= 3; deaths += 1) {
      await writer.write('go\n');
      while (running.status().state !== 'waiting') await turn();
      assert.equal(running.status().problem, 'rtmon ended: it was shot');
      lives.push(...life);
      await hears(lives.length);
      while (running.status().state !== 'running') await turn();
      assert.deepEqual(heard, lives);
      assert.equal(running.status().problem, undefined);
    }
    await writer.close();
  });

  test('after messages were dropped it starts anew, so that links are compared, too', async () => {
    const { path, writer } = await makePipe();
    const loss = 'netlink receive error No buffer space available (105)';
    const script = `printf links; read -r _ < '${path}'; echo '${loss}' >&2; exec sleep 60`;
    running = unwrap(await start(ok({ monitor: ['/bin/sh', '-c', script], ...dumps })));
    await writer.write('go\n');
    await hears(10);
    const life = ['begin', 'links', 'settle', 'addresses a', 'routes r4+r6'];
    assert.deepEqual(heard, [...life, ...life]);
    assert.deepEqual(rejects, ['the kernel dropped messages; what changed is found by comparing']);
    await writer.close();
  });

  test('it stops while the store refuses and messages flood in', async () => {
    const { path, writer } = await makePipe();
    const progress = join(folder, 'progress');
    await fs.writeFile(progress, '');
    const flood = `while head -c 65536 /dev/zero; do printf x >> '${progress}'; done`;
    const script = `printf links; read -r _ < '${path}'; ${flood}`;
    running = unwrap(await start(ok({ monitor: ['/bin/sh', '-c', script], ...dumps })));
    store.refuse(Number.POSITIVE_INFINITY);
    await writer.write('go\n');
    // The inbox is full once the program cannot write any more.
    for (let before = -1, now = 0; now < 32 || now > before;) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      [before, now] = [now, (await fs.stat(progress)).size];
    }
    await running.stop();
    assert.equal(running.status().state, 'off');
    await writer.close();
  });

  test('a dump that fails is a problem of the status; messages go on', async () => {
    const monitor = ['/bin/sh', '-c', 'printf links; exec sleep 60'];
    const broken = { ...dumps, addresses: [['/bin/sh', '-c', 'echo no >&2; exit 2']] };
    running = unwrap(await start(ok({ monitor, ...broken })));
    assert.match(running.status().problem ?? '', /LG_INGEST_SOURCE_UNREADABLE: .*no/s);
    assert.equal(running.status().state, 'running');
  });
});
