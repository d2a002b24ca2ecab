import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { it, type TestContext } from 'node:test';
import { iprouteCommands } from '../../src/adapters/sources/netlink/netlink-commands.ts';
import { createNetlinkSource } from '../../src/adapters/sources/netlink/netlink-source.ts';
import { silentLog } from '../../src/base/log.ts';
import { localPrograms } from '../../src/base/programs.ts';
import { unwrap } from '../../src/base/result.ts';
import { createEntityResolver } from '../../src/evidence/align/resolve-entity.ts';
import { createNetlinkDecoder } from '../../src/evidence/normalize/netlink/netlink-decoder.ts';
import type { RunningSource } from '../../src/ports/source.ts';
import { MemoryTelemetryStore, type StoredRow } from '../../src/testing/memory-telemetry-store.ts';
import { runningClock } from '../../src/testing/running-clock.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';

/** One router: a namespace with a pair of links, both ends in it, and a source that watches it. */
interface Router extends AsyncDisposable {
  readonly namespace: string;
  readonly store: MemoryTelemetryStore;
  readonly source: RunningSource;
  /** Runs `ip -n NAMESPACE …`. */
  ip(...words: readonly string[]): void;
  /** Runs many `ip` commands in one process. */
  batch(lines: readonly string[]): void;
  summaries(eventName: string): readonly string[];
}

/** The router, or undefined where the test is skipped with its reason. */
async function router(test: TestContext, name: string): Promise<Router | undefined> {
  if (process.getuid?.() !== 0) {
    test.skip('SKIPPED: network namespaces need root');
    return undefined;
  }
  if (hostProgram(test, 'rtmon', 'iproute2') === undefined) return undefined;
  const namespace = `lgt-${process.pid}-${name}`;
  try {
    execFileSync('ip', ['netns', 'add', namespace], { stdio: 'pipe' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.env['CI'] === 'true') throw error;
    test.skip(`SKIPPED: no network namespace can be made here: ${reason}`);
    return undefined;
  }
  const ip = (...words: readonly string[]): void =>
    void execFileSync('ip', ['-n', namespace, ...words], { stdio: 'pipe' });
  ip('link', 'set', 'lo', 'up');
  ip('link', 'add', 'ge1', 'type', 'veth', 'peer', 'name', 'ge2');
  ip('address', 'add', '10.9.1.1/24', 'dev', 'ge1');
  ip('link', 'set', 'ge1', 'up');
  ip('link', 'set', 'ge2', 'up');
  const store = new MemoryTelemetryStore();
  const source = await startSource(store, namespace);
  return {
    namespace,
    store,
    source,
    ip,
    batch: (lines) =>
      void execFileSync('ip', ['-n', namespace, '-batch', '-'], { input: lines.join('\n') }),
    summaries: (eventName) => store.rows.filter(is(eventName)).map(({ body }) => body),
    async [Symbol.asyncDispose]() {
      await source.stop();
      execFileSync('ip', ['netns', 'del', namespace]);
    },
  };
}

async function startSource(store: MemoryTelemetryStore, namespace: string): Promise<RunningSource> {
  const resolve = createEntityResolver();
  const source = createNetlinkSource({
    programsOf: () => localPrograms,
    commandsOf: iprouteCommands,
    decoderOf: (id, { component }) =>
      createNetlinkDecoder({ source: id, resolve, resource: { 'host.name': 'lab' }, component }),
  });
  return unwrap(
    await source.start(
      { namespace, component: 'r1', exclude: [] },
      {
        id: 'network',
        clock: runningClock(),
        log: silentLog,
        deliver: (batch, origin) => store.append(batch, { source: 'network', ...origin }),
        position: () => undefined,
        reject: () => undefined,
        shed: () => undefined,
        refuse: () => undefined,
      },
    ),
  );
}

function is(eventName: string): (row: StoredRow) => boolean {
  return (row) => row.eventName === eventName;
}

/** Waits until the store holds a record whose text fits. */
async function told({ store }: Router, text: RegExp): Promise<StoredRow> {
  return until(`a record like ${text}`, () =>
    Promise.resolve(store.rows.find(({ body }) => text.test(body))),
  );
}

it('tells nothing of the state it starts with, then each change', async (test) => {
  await using net = await router(test, 'change');
  if (net === undefined) return;
  assert.deepEqual(
    net.store.rows.map(({ body }) => body),
    [],
  );
  net.ip('address', 'add', '10.9.2.1/32', 'dev', 'ge1');
  net.ip('route', 'add', '10.8.0.0/16', 'via', '10.9.1.2');
  net.ip('route', 'replace', '10.8.0.0/16', 'via', '10.9.1.3');
  net.ip('route', 'add', 'default', 'via', '10.9.1.2');
  net.ip('route', 'del', 'default');
  net.ip('address', 'del', '10.9.2.1/32', 'dev', 'ge1');
  await told(net, /address 10\.9\.2\.1\/32 was removed from ge1/);
  assert.deepEqual(
    net.summaries('network.route.changed').filter((text) => !/fe80/.test(text)),
    [
      'route 10.8.0.0/16 via 10.9.1.2 dev ge1 was added',
      'route 10.8.0.0/16 via 10.9.1.3 dev ge1 was changed, before via 10.9.1.2 dev ge1',
      'default route 0.0.0.0/0 via 10.9.1.2 dev ge1 was added',
      'default route 0.0.0.0/0 via 10.9.1.2 dev ge1 was removed',
    ],
  );
  const removed = await told(net, /default route .* was removed/);
  assert.equal(removed.severity, 17);
  assert.equal(removed.component, 'r1');
  assert.ok(removed.time !== undefined && removed.observedNs >= removed.time);
});

it('tells the routes that a link takes with it, which the kernel does not tell', async (test) => {
  await using net = await router(test, 'flap');
  if (net === undefined) return;
  net.ip('route', 'add', '10.8.0.0/16', 'via', '10.9.1.2');
  await told(net, /10\.8\.0\.0\/16 .* was added/);
  net.ip('link', 'set', 'ge1', 'down');
  await told(net, /interface ge1 went from up to down, switched off/);
  await told(net, /route 10\.8\.0\.0\/16 .* was removed/);
  net.ip('link', 'set', 'ge1', 'up');
  await told(net, /interface ge1 .* to up/);
  const lost = net.store.rows.filter(({ body }) => /10\.8\.0\.0\/16 .* was removed/.test(body));
  assert.equal(lost.length, 1);
});

it('finds by comparing that an address took a route with it', async (test) => {
  await using net = await router(test, 'address');
  if (net === undefined) return;
  net.ip('route', 'add', '10.8.0.0/16', 'via', '10.9.1.2');
  await told(net, /10\.8\.0\.0\/16 .* was added/);
  net.ip('address', 'del', '10.9.1.1/24', 'dev', 'ge1');
  const removed = await told(net, /route 10\.8\.0\.0\/16 .* was removed/);
  // Nobody said when; so no time is claimed.
  assert.equal(removed.time, undefined);
});

it('loses none of 2,000 routes', async (test) => {
  await using net = await router(test, 'many');
  if (net === undefined) return;
  const prefixes = Array.from(
    { length: 2_000 },
    (_, at) => `10.${64 + (at >> 8)}.${at & 255}.0/24`,
  );
  net.batch(prefixes.map((prefix) => `route add ${prefix} via 10.9.1.2`));
  await told(net, new RegExp(`route ${prefixes.at(-1)?.replaceAll('.', '\\.')} .* was added`));
  const added = net.summaries('network.route.changed').flatMap((text) => {
    const match = /^route (\S+) via 10\.9\.1\.2 dev ge1 was added$/.exec(text);
    return match?.[1] === undefined ? [] : [match[1]];
  });
  assert.deepEqual(added, prefixes);
});

it('tells each of 2,000 routes once although rtmon is killed in the middle', async (test) => {
  await using net = await router(test, 'storm');
  if (net === undefined) return;
  const prefixes = Array.from(
    { length: 2_000 },
    (_, at) => `10.${64 + (at >> 8)}.${at & 255}.0/24`,
  );
  for (let at = 0; at < prefixes.length; at += 100) {
    net.batch(prefixes.slice(at, at + 100).map((prefix) => `route add ${prefix} via 10.9.1.2`));
    if (at === 700) for (const pid of rtmonsIn(net.namespace)) process.kill(pid, 'SIGKILL');
  }
  const added = (): readonly string[] =>
    net
      .summaries('network.route.changed')
      .map((text) => /^route (\S+) via 10\.9\.1\.2 dev ge1 was added$/.exec(text)?.[1] ?? '')
      .filter((prefix) => prefix !== '');
  await until('all routes', () =>
    Promise.resolve(added().length >= prefixes.length ? true : undefined),
  );
  assert.deepEqual(added().toSorted(), prefixes.toSorted());
});

it('starts a killed rtmon again and tells what changed meanwhile, once', async (test) => {
  await using net = await router(test, 'kill');
  if (net === undefined) return;
  net.ip('route', 'add', '10.8.0.0/16', 'via', '10.9.1.2');
  net.ip('route', 'add', '10.7.0.0/16', 'via', '10.9.1.2');
  await told(net, /10\.7\.0\.0\/16 .* was added/);
  for (const pid of rtmonsIn(net.namespace)) process.kill(pid, 'SIGKILL');
  await until('the loss to be noticed', () =>
    Promise.resolve(net.source.status().state === 'waiting' ? true : undefined),
  );
  net.ip('route', 'del', '10.8.0.0/16');
  net.ip('route', 'replace', '10.7.0.0/16', 'via', '10.9.1.3');
  net.ip('route', 'add', '10.6.0.0/16', 'via', '10.9.1.2');
  net.ip('address', 'add', '10.9.2.1/32', 'dev', 'ge1');
  net.ip('link', 'set', 'ge2', 'down');
  await told(net, /address 10\.9\.2\.1\/32 was added to ge1/);
  await told(net, /interface ge2 went from up to down, switched off/);
  await told(net, /route 10\.6\.0\.0\/16 .* was added/);
  await until('rtmon to run again', () =>
    Promise.resolve(net.source.status().state === 'running' ? true : undefined),
  );
  const texts = net.store.rows.map(({ body }) => body);
  const times = (text: RegExp): number => texts.filter((body) => text.test(body)).length;
  assert.equal(times(/route 10\.8\.0\.0\/16 .* was removed/), 1);
  assert.equal(times(/route 10\.8\.0\.0\/16 .* was added/), 1);
  assert.equal(times(/route 10\.7\.0\.0\/16 via 10\.9\.1\.3 dev ge1 was changed/), 1);
  assert.equal(times(/route 10\.6\.0\.0\/16 .* was added/), 1);
  assert.equal(times(/address 10\.9\.2\.1\/32 was added/), 1);
  assert.equal(times(/interface ge2 went from up to down/), 1);
  net.ip('link', 'set', 'lo', 'down');
  await told(net, /interface lo went/);
});

it('leaves no rtmon behind when the process that started it is killed', async (test) => {
  await using net = await router(test, 'orphan');
  if (net === undefined) return;
  const program = `
    import { iprouteCommands } from ${JSON.stringify(module('netlink-commands.ts'))};
    import { startPipedProgram } from ${JSON.stringify(module('../../../base/piped-program.ts'))};
    const { value } = iprouteCommands({ namespace: ${JSON.stringify(net.namespace)} });
    startPipedProgram(value.monitor).output.on('data', () => console.log('bytes'));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  assert.equal(rtmonsIn(net.namespace).length, 2);
  child.kill('SIGKILL');
  await until('the end of its rtmon', () =>
    Promise.resolve(rtmonsIn(net.namespace).length === 1 ? true : undefined),
  );
});

it('says what to do where a namespace is absent', async (test) => {
  if (hostProgram(test, 'rtmon', 'iproute2') === undefined) return;
  await assert.rejects(
    startSource(new MemoryTelemetryStore(), 'no-such-namespace'),
    /LG_INGEST_SOURCE_UNREADABLE: .*no-such-namespace: .*(No such file|not permitted)/,
  );
});

/** Where a module of the source lies. */
function module(name: string): string {
  return new URL(`../../src/adapters/sources/netlink/${name}`, import.meta.url).href;
}

/** The rtmon processes of a namespace. */
function rtmonsIn(namespace: string): readonly number[] {
  return execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'rtmon');
}
