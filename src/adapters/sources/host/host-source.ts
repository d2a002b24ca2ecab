import type { JsonObject } from '../../../base/canonical-json.ts';
import { messageOf } from '../../../base/error.ts';
import { ok, type Result } from '../../../base/result.ts';
import { fromUnixMs, type TimeNs } from '../../../base/time.ts';
import { waited } from '../../../base/waited.ts';
import type { ResolveEntity } from '../../../model/component/entity.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { REJECT_INPUT_CHARS, type Reject } from '../../../model/record/timeline-record.ts';
import { deliverUntilDurable } from '../../../ports/deliver-until-durable.ts';
import type { RunningSource, Source, SourceContext } from '../../../ports/source.ts';
import { hostRows } from './add-host-rows.ts';
import type { HostAccess } from './host-access.ts';
import { hostEvents } from './host-events.ts';
import { decodeMemory, encodeMemory, type HostMemory } from './host-memory.ts';
import { takeSample, type Fault, type HostSample } from './host-sample.ts';
import { hostSpecSchema, type HostSpec } from './host-spec.ts';
import { quickPoints, slowPoints, type MetricPoint } from './metric-points.ts';

/** What the composition root gives. */
export interface HostSourceParts {
  readonly access: HostAccess;
  readonly resolve: ResolveEntity;
  /** This host. */
  readonly resource: JsonObject;
  /** Whether changes of interfaces are told where the settings do not say: no netlink source. */
  readonly tellsLinks: boolean;
}

/**
 * Looks at this host every few seconds: values as metric records; what passes a threshold or
 * changes, as events. It needs no privilege. While the store refuses, no further samples are taken:
 * counters and states bridge the time, so what is late is detail, not an event.
 */
export function createHostSource(parts: HostSourceParts): Source<HostSpec> {
  return {
    kind: 'host',
    specSchema: hostSpecSchema,
    start: (spec, context) => startWatching(parts, spec, context),
  };
}

async function startWatching(
  parts: HostSourceParts,
  spec: HostSpec,
  context: SourceContext,
): Promise<Result<RunningSource>> {
  const watcher = new HostWatcher(parts, spec, context);
  // What changes after the start was answered is a change: so the state before it must be known.
  watcher.start(await watcher.look());
  return ok({ status: () => watcher.status(), stop: () => watcher.stop() });
}

/** A sample and what was made of it, on its way to the store. */
interface Look {
  readonly builder: RecordBatchBuilder;
  readonly sample: HostSample;
  readonly memory: HostMemory;
}

/** One running source: sample, deliver, wait, again. */
class HostWatcher {
  readonly #parts: HostSourceParts;
  readonly #spec: HostSpec;
  readonly #context: SourceContext;
  readonly #stopping = new AbortController();
  #memory: HostMemory;
  #before: HostSample | undefined;
  #slowAtMs = Number.NEGATIVE_INFINITY;
  #loop: Promise<void> = Promise.resolve();
  #faults: readonly Fault[] = [];
  #refusal: string | undefined;

  constructor(parts: HostSourceParts, spec: HostSpec, context: SourceContext) {
    this.#parts = parts;
    this.#spec = spec;
    this.#context = context;
    this.#memory = decodeMemory(context.position());
  }

  start(first: Look): void {
    this.#loop = this.#run(first);
  }

  async #run(first: Look): Promise<void> {
    const { clock, log, id } = this.#context;
    const { signal } = this.#stopping;
    let isDelivered = await this.#deliver(first);
    while (isDelivered && (await waited(this.#spec.interval, clock, signal))) {
      try {
        isDelivered = await this.#deliver(await this.look());
      } catch (error) {
        this.#refusal = messageOf(error);
        log.error('HostSampleError', { source: id, error: messageOf(error) });
      }
    }
  }

  async look(): Promise<Look> {
    const { clock, id } = this.#context;
    const sample = await takeSample(this.#parts.access, this.#spec, clock);
    const atNs = clock.now();
    this.#noteFaults(sample.faults);
    const tellsLinks = this.#spec.interfaces.events ?? this.#parts.tellsLinks;
    const { events, memory } = hostEvents(
      this.#memory,
      this.#before,
      sample,
      this.#spec,
      tellsLinks,
    );
    const builder = new RecordBatchBuilder();
    const rows = hostRows(id, this.#parts.resource, this.#parts.resolve, atNs, builder);
    for (const event of events) rows.event(event);
    const started = bootTime(sample);
    for (const point of this.#points(sample)) rows.metric(point, started);
    return { builder, sample, memory };
  }

  #points(sample: HostSample): readonly MetricPoint[] {
    if (!this.#spec.metrics) return [];
    const quick = this.#before === undefined ? [] : quickPoints(this.#before, sample);
    if (sample.uptimeMs - this.#slowAtMs < this.#spec.slowInterval) return quick;
    this.#slowAtMs = sample.uptimeMs;
    return [...quick, ...slowPoints(sample)];
  }

  /** Delivers until it is durable or refused for good; false when stopped before that. */
  async #deliver({ builder, sample, memory }: Look): Promise<boolean> {
    const batch = builder.build();
    if (batch.rows > 0) {
      const outcome = await deliverUntilDurable(this.#context, {
        batch,
        origin: { sender: this.#context.id, position: encodeMemory(memory) },
        signal: this.#stopping.signal,
        onProblem: (problem) => (this.#refusal = problem),
        reject: (reject) => this.#reject(reject),
      });
      if (outcome === 'stopped') return false;
    } else {
      this.#refusal = undefined;
    }
    this.#memory = memory;
    this.#before = sample;
    return true;
  }

  /** What the kernel writes otherwise than we know is kept once, not with each sample. */
  #noteFaults(faults: readonly Fault[]): void {
    for (const { path, why, input } of faults) {
      if (input === undefined || this.#faults.some((known) => known.path === path)) continue;
      const reason = `${path} is ${why}`;
      this.#reject({ reason, input: input.slice(0, REJECT_INPUT_CHARS) });
    }
    this.#faults = faults;
  }

  #reject(reject: Reject): void {
    this.#context.reject(reject);
  }

  status() {
    const problem = this.#refusal ?? faultWords(this.#faults);
    return {
      state: this.#stopping.signal.aborted ? ('off' as const) : ('running' as const),
      target: '/proc, /sys and statfs',
      ...(problem === undefined ? {} : { problem }),
    };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }
}

function faultWords(faults: readonly Fault[]): string | undefined {
  const [first] = faults;
  if (first === undefined) return undefined;
  const others = faults.length > 1 ? ` and ${faults.length - 1} more` : '';
  const mend = first.why === 'EACCES' ? '; let the user of lastgood enter it, or leave it out' : '';
  return `LG_INGEST_SOURCE_UNREADABLE: ${first.path}${others}: ${first.why}${mend}`;
}

/** Since when the counters of the kernel count. */
function bootTime({ kernel }: HostSample): TimeNs | undefined {
  return kernel?.bootTimeS === undefined ? undefined : fromUnixMs(kernel.bootTimeS * 1000);
}
