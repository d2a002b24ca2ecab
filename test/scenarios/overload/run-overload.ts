import * as fs from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import type { Daemon } from '../../place/daemon.ts';
import { at, listAt, textAt } from '../../place/document.ts';
import { until } from '../../place/until.ts';
import { watchHealth } from '../../place/health-watch.ts';
import { makePlace, type Place } from '../../place/place.ts';
import { freePorts } from '../../place/free-ports.ts';
import { smallDisk, type Ending } from '../../../src/testing/small-disk.ts';
import { fillDisk, tearLog } from './faults.ts';
import { startOtlpSenders, uidsOf } from './otlp-senders.ts';
import { storedMarks } from './stored-records.ts';
import { startTcpSender, startUdpSender } from './syslog-senders.ts';

/** How hard and how long. */
export interface OverloadPlan {
  readonly rounds: number;
  /** A round ends with a kill of the evidence process. */
  readonly roundMs: number;
  readonly senders: number;
  /** Over TCP, and over UDP. */
  readonly messagesPerSecond: number;
  readonly diskMb: number;
}

/** What was sent and what became of it. */
export interface OverloadReport {
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly refused: number;
  readonly offered: number;
  readonly fileLines: number;
  readonly tcp: { readonly sent: number; readonly stored: number };
  readonly udp: { readonly sent: number; readonly stored: number; readonly shed: number };
  readonly kills: number;
  /** Why the disk was not filled; absent when it was. */
  readonly notFilled?: string;
  readonly healthMs: readonly number[];
  readonly peakMb: number;
  readonly seconds: number;
}

/**
 * Floods a daemon over OTLP, syslog over TCP and UDP and a file, kills its evidence process again
 * and again, fills its disk, kills it whole and tears the end of its log; then looks what is there.
 */
export async function runOverload(ending: Ending, plan: OverloadPlan): Promise<OverloadReport> {
  const disk = await smallDisk(ending, plan.diskMb);
  // They stay the same through restarts, as they do for senders in the world.
  const [tcpPort = 0, udpPort = 0] = await freePorts(2);
  const at127 = (port: number): string => `"127.0.0.1:${port}"`;
  const place = await makePlace(ending, {
    listen: `otlpGrpc: false, syslogTcp: ${at127(tcpPort)}, syslogUdp: ${at127(udpPort)}`,
    ...('path' in disk ? { data: `${disk.path}/data` } : {}),
    config: (made) =>
      `sources: [ { name: app, kind: file, paths: ["${made.path('app.log')}"] } ]\n` +
      'components: []\nstorage: { sealEvery: 5s }\n',
  });
  // A daemon that root started on a disk of its own reads what everybody may.
  await fs.chmod(place.root, 0o755);
  await fs.writeFile(place.path('app.log'), '');
  const first = await place.up();
  const began = performance.now();
  const flood = await startFlood(place, plan, { tcpPort, udpPort });
  const life = await underFaults(place, first, plan, disk);
  await first.kill();
  await tearLog(place.data);
  const second = await place.up();
  const otlp = await flood.otlp.finish();
  const seconds = (performance.now() - began) / 1_000;
  const [fileLines, udpSent, tcpSent] = await flood.finish();
  await until(
    'the last line of the file',
    () => place.api(`timeline?limit=1&text=${encodeURIComponent(`file-${fileLines - 1} `)}`),
    ({ body }) => listAt(body, 'records').length === 1,
  );
  const marks = await storedMarks(place);
  const promised = [
    ...[...otlp.acknowledged].flatMap(uidsOf),
    ...Array.from({ length: fileLines }, (_, n) => `file-${n}`),
  ];
  const shed = life.shed + (await shedOf(place));
  await second.stop();
  const count = (prefix: string): number =>
    [...marks.keys()].filter((mark) => mark.startsWith(prefix)).length;
  return {
    acknowledged: [...otlp.acknowledged].length * uidsOf('').length,
    lost: promised.filter((mark) => !marks.has(mark)),
    doubled: [...marks].filter(([mark, times]) => mark !== '' && times > 1).map(([mark]) => mark),
    refused: otlp.refused,
    offered: otlp.offered,
    fileLines,
    tcp: { sent: tcpSent, stored: count('tcp-') },
    udp: { sent: udpSent, stored: count('udp-'), shed },
    kills: plan.rounds,
    ...('why' in disk ? { notFilled: disk.why } : {}),
    healthMs: life.times,
    peakMb: life.peakMb,
    seconds,
  };
}

async function startFlood(
  place: Place,
  plan: OverloadPlan,
  { tcpPort, udpPort }: { readonly tcpPort: number; readonly udpPort: number },
) {
  const otlp = startOtlpSenders(place.otlpPort, plan.senders);
  const tcp = startTcpSender(tcpPort, plan.messagesPerSecond);
  const udp = startUdpSender(udpPort, plan.messagesPerSecond);
  let lines = 0;
  let written: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    const some = Array.from({ length: 50 }, (_, n) => `file-${lines + n} a line\n`).join('');
    lines += 50;
    written = written.then(() => fs.appendFile(place.path('app.log'), some));
  }, 50);
  return {
    otlp,
    async finish(): Promise<readonly [number, number, number]> {
      clearInterval(timer);
      await written;
      return [lines, await udp.finish(), await tcp.finish()];
    },
  };
}

/** Kills and a full disk, while somebody asks for the health all the time. */
async function underFaults(
  place: Place,
  daemon: Daemon,
  plan: OverloadPlan,
  disk: { readonly path: string } | { readonly why: string },
): Promise<{ readonly times: readonly number[]; readonly peakMb: number; readonly shed: number }> {
  const watch = watchHealth(daemon.url);
  let peakMb = 0;
  let shed = 0;
  for (let round = 0; round < plan.rounds; round += 1) {
    const isMiddle = round === plan.rounds >> 1;
    await pass(plan.roundMs / 2);
    if (isMiddle && 'path' in disk) {
      const makeRoom = await fillDisk(disk.path, plan.diskMb * 1024 * 1024);
      await until(
        'a problem of the disk',
        () => place.api('status'),
        ({ body }) => JSON.stringify(body).includes('LG_STORE_DISK_FULL'),
      );
      await makeRoom();
    }
    await pass(plan.roundMs / 2);
    const pid = daemon.evidencePid();
    peakMb = Math.max(peakMb, peakOf(pid));
    shed += await shedOf(place);
    process.kill(pid, 'SIGKILL');
    await until(
      'the evidence process',
      () => place.api('status'),
      ({ body }) => textAt(body, 'evidence', 'state') === 'up' && restartsOf(body) > round,
    );
  }
  return { times: await watch.end(), peakMb, shed };
}

/** Datagrams that the evidence process at work has shed. */
async function shedOf(place: Place): Promise<number> {
  return await until(
    'the account of the datagrams',
    async () => {
      const { body } = await place.api('sources');
      const udp = listAt(body, 'sources').find((one) => at(one, 'id') === 'syslog-udp');
      return Number(at(udp, 'shed'));
    },
    (shed) => Number.isFinite(shed),
  );
}

function restartsOf(status: unknown): number {
  return Number(at(status, 'evidence', 'restarts'));
}

/** The most memory a process has had, MB; its memory files are not in it. */
function peakOf(pid: number): number {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(peak) / 1024;
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
