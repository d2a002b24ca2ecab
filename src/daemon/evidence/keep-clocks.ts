import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { canonicalJson, type JsonObject } from '../../base/canonical-json.ts';
import type { Disk } from '../../base/disk.ts';
import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { parseJson } from '../../base/parse-json.ts';
import { fromUnixMs } from '../../base/time.ts';
import { ClockWatch } from '../../evidence/align/clock-watch.ts';
import type { ClockStep } from '../../evidence/align/graph/clock-graph.ts';
import type { NtpReading } from '../../evidence/align/ntp/ntp-reading.ts';
import { NO_OVERLAY, type ClockOverlay } from '../../model/evidence/clock-overlay.ts';
import type { ResolveEntity } from '../../model/component/entity.ts';
import {
  RecordBatchBuilder,
  type BatchRow,
  type RecordBatch,
} from '../../model/record/record-batch.ts';
import { SEVERITY } from '../../model/record/severity.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TelemetryStore } from '../../ports/telemetry-store.ts';
import { readWhole, replaceFile } from '../../runner/replace-file.ts';
import { ownResource } from './sources/own-resource.ts';

/** What keeping the clocks needs. */
export interface ClockParts {
  readonly folder: string;
  readonly disk: Disk;
  readonly store: Pick<TelemetryStore, 'align'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly resolve: ResolveEntity;
}

/** The clocks of records, watched and written down. */
export interface KeptClocks {
  readonly watch: ClockWatch;
  /** Begins to look; steps are told as records. */
  start(tell: (batch: RecordBatch) => void): void;
  /** Takes what NTP says of the clock of a host, or of ours. */
  hearNtp(host: string | undefined, reading: NtpReading): void;
  stop(): void;
}

/** As wide as a bin: nothing new is known sooner. */
const LOOK_MS = 10_000;

/** Our own clock moved by more than it can be slewed by in one look, and uptime has 10 ms. */
const OWN_STEP_MS = 50;

const FILE = 'clocks.json';

/** Nothing is known but our own clock; the version before is that of a store by itself. */
const FIRST_OVERLAY: ClockOverlay = { ...NO_OVERLAY, version: 1 };

/** Restores what was known of clocks, and corrects the timeline by what becomes known. */
export async function keepClocks(parts: ClockParts): Promise<KeptClocks> {
  const { folder, disk, store, clock, log } = parts;
  const watch = new ClockWatch(ownClocks(parts.resolve), await restored(parts));
  store.align(watch.overlay);
  let cancel: () => void = () => undefined;
  let saving: Promise<void> = Promise.resolve();
  const save = (overlay: ClockOverlay): void => {
    saving = saving
      .then(() => replaceFile(disk, folder, FILE, utf8(encode(overlay))))
      .catch((error: unknown) => log.error('ClocksSavedError', { why: messageOf(error) }));
  };
  let tellAll: (batch: RecordBatch) => void = () => undefined;
  const unsynchronized = new Set<string>();
  const hearNtp: KeptClocks['hearNtp'] = (host, reading) => {
    const nowNs = clock.now();
    const name =
      host === undefined ? OWN_CLOCK : (parts.resolve({ 'host.name': host }).clock ?? '');
    if (name === '') return;
    if (reading.kind === 'synchronized') {
      watch.prior(name, Number(nowNs) / 1e6, reading.offsetMs, reading.boundMs);
    }
    if (reading.kind !== 'unsynchronized') unsynchronized.delete(name);
    else if (!unsynchronized.has(name)) {
      unsynchronized.add(name);
      tellAll(unsynchronizedBatch(name, reading.why, nowNs));
    }
  };
  const start: KeptClocks['start'] = (tell) => {
    tellAll = tell;
    let [wallMs, uptimeMs] = [Number(clock.now()) / 1e6, clock.uptimeMs()];
    const look = (): void => {
      const nowNs = clock.now();
      const passed = clock.uptimeMs() - uptimeMs;
      const ownStepMs = Number(nowNs) / 1e6 - wallMs - passed;
      [wallMs, uptimeMs] = [Number(nowNs) / 1e6, uptimeMs + passed];
      if (Math.abs(ownStepMs) > OWN_STEP_MS) {
        watch.forget(wallMs);
        tell(stepBatch({ ...ownStep(wallMs, ownStepMs), clock: OWN_CLOCK }, nowNs));
      }
      const { overlay, steps } = watch.look(nowNs);
      for (const step of steps) tell(stepBatch(step, nowNs));
      if (overlay !== undefined) {
        store.align(overlay);
        save(overlay);
      }
      cancel = clock.after(LOOK_MS, look);
    };
    cancel = clock.after(LOOK_MS, look);
  };
  return { watch, start, hearNtp, stop: () => cancel() };
}

/** What our own clock is called in events: no other has the name. */
const OWN_CLOCK = `host:${hostname()}`;

function ownStep(nowMs: number, byMs: number): Omit<ClockStep, 'clock'> {
  return { afterMs: nowMs - LOOK_MS, beforeMs: nowMs, byMs };
}

/** Everything that is stamped by the clock that we read ourselves. */
function ownClocks(resolve: ResolveEntity): readonly string[] {
  const ids = machineId();
  const own = [ownResource(), ...ids.map((id) => ({ 'host.id': id }))];
  return [OWN_CLOCK, ...own.flatMap((resource) => resolve(resource).clock ?? [])];
}

/** What the journal and most senders on this host call it; none where there is no such file. */
function machineId(): readonly string[] {
  try {
    return [readFileSync('/etc/machine-id', 'utf8').trim()];
  } catch {
    return [];
  }
}

/** The record of a step: when it was at the latest, of which clock, how far. */
function stepBatch({ clock, afterMs, beforeMs, byMs }: ClockStep, nowNs: bigint): RecordBatch {
  const direction = byMs > 0 ? 'ahead' : 'back';
  return eventBatch(clock, nowNs, {
    eventName: 'clock.stepped',
    timeNs: fromUnixMs(beforeMs),
    body: `the clock ${clock} was set ${direction} by ${Math.abs(byMs).toFixed(1)} ms`,
    attributes: {
      'clock.offset_ns': Math.round(byMs * 1e6),
      'clock.bound_ns': Math.round((beforeMs - afterMs) * 1e6),
    },
  });
}

/** The record of a clock whose NTP daemon says that it does not know the time; told once. */
function unsynchronizedBatch(clock: string, why: string, nowNs: bigint): RecordBatch {
  return eventBatch(clock, nowNs, {
    eventName: 'clock.unsynchronized',
    timeNs: nowNs,
    body: `the clock ${clock} is not synchronized: ${why}`,
    attributes: {},
  });
}

function eventBatch(
  clock: string,
  observedNs: bigint,
  told: Pick<BatchRow, 'eventName' | 'timeNs' | 'body'> & { readonly attributes: JsonObject },
): RecordBatch {
  const builder = new RecordBatchBuilder();
  const host = /^(?:host|device):(.+)$/.exec(clock)?.[1];
  builder.add({
    ...told,
    kind: 'event',
    source: 'clocks',
    severity: SEVERITY.warn,
    observedNs,
    clock: OWN_CLOCK,
    component: host,
    host,
    attributes: canonicalJson({ 'clock.id': clock, ...told.attributes }),
    resource: canonicalJson(host === undefined ? {} : { 'host.name': host }),
  });
  return builder.build();
}

const wide = z
  .string()
  .regex(/^-?\d{1,25}$/)
  .transform(BigInt);

const savedOverlay = z.object({
  version: z.int().min(0),
  clocks: z.record(
    z.string(),
    z.array(
      z.object({
        fromNs: wide,
        rawNs: wide,
        offsetNs: wide,
        driftPpb: z.int(),
        boundNs: wide.exactOptional(),
        method: z.string(),
        corrects: z.boolean(),
      }),
    ),
  ),
});

function encode({ version, clocks }: ClockOverlay): string {
  return JSON.stringify({ version, clocks: Object.fromEntries(clocks) }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** What was known before; nothing when the file is missing or unreadable, which is told. */
async function restored({ disk, folder, log }: ClockParts): Promise<ClockOverlay> {
  const path = join(folder, FILE);
  const bytes = await readWhole(disk, path);
  if (bytes === undefined) return FIRST_OVERLAY;
  const saved = savedOverlay.safeParse(parseJson(fromUtf8(bytes)));
  if (saved.success) {
    return { version: saved.data.version, clocks: new Map(Object.entries(saved.data.clocks)) };
  }
  log.error('ClocksRestoredError', { path, why: 'it is damaged; clocks are related anew' });
  return FIRST_OVERLAY;
}
