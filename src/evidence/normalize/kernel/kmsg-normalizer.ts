import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import { isJsonObject, parseJsonObject } from '../../../base/parse-json.ts';
import type { TimeNs } from '../../../base/time.ts';
import { SEVERITY_OF_SYSLOG } from '../../../model/record/severity.ts';
import type {
  Normalizer,
  NormalizerContext,
  NormalizerFactory,
  Normalized,
} from '../../../ports/normalizer.ts';
import { JsonDocuments } from '../json-documents.ts';
import { LineStream } from '../line-stream.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { addFields } from '../text/add-line.ts';
import { BootTime } from './boot-time.ts';
import { kernelEvent, oomVictim, unitOfGroup, type OomVictim } from './kernel-events.ts';
import { kernelEntry, kernelLine, type KernelLine } from './kernel-line.ts';

const LF = 0x0a;
const BRACE = 0x7b;

/** What is said of a line that is no message of the kernel. */
const NO_MESSAGE = 'no message of the kernel: expected are lines of /dev/kmsg or dmesg with times';

/**
 * Messages that wait for the first that tells the wall clock: it stands within the first seconds
 * of a boot, and a whole buffer of the kernel's log is seldom larger.
 */
const HELD_CHARS_MAX = 1024 * 1024;

/** `SUBSYSTEM=pci` under a message; the names are those of the journal. */
const CONTINUATION = /^ ([A-Z_]{1,30})=(.*)$/s;
const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = {
  SUBSYSTEM: '_KERNEL_SUBSYSTEM',
  DEVICE: '_KERNEL_DEVICE',
};

/** A message with what stands under it, or what is none. */
type Message =
  | { readonly line: KernelLine; readonly under: JsonObject }
  | { readonly none: string };

/** The format `kmsg`: the kernel's log by `/dev/kmsg` or `dmesg`, see docs/formats/kernel.md. */
export const kmsgNormalizer: NormalizerFactory = (context) => new KmsgNormalizer(context);

/** What is known besides where `/dev/kmsg` of this host is read as it is written. */
export interface LiveKernelLog {
  /** This host. */
  readonly resource: JsonObject;
  /** What the wall clock showed at an uptime; undefined where nobody knows. */
  at(uptimeUs: bigint): TimeNs | undefined;
}

/** The same, live: each push is of whole messages, and none of them waits for the next. */
export function liveKmsgNormalizer(context: NormalizerContext, live: LiveKernelLog): Normalizer {
  return new KmsgNormalizer(context, live);
}

class KmsgNormalizer implements Normalizer {
  readonly #context: NormalizerContext;
  readonly #live: LiveKernelLog | undefined;
  readonly #zoneMinutes: (unixMs: number) => number;
  readonly #boot = new BootTime();
  #reader: MessageReader | undefined;
  #held: Message[] = [];
  #heldChars = 0;
  #isHolding: boolean;
  #victim: OomVictim | undefined;

  constructor(context: NormalizerContext, live?: LiveKernelLog) {
    this.#context = context;
    this.#live = live;
    this.#isHolding = live === undefined;
    this.#zoneMinutes = context.zoneMinutes ?? ((): number => 0);
  }

  push(bytes: Uint8Array): Normalized {
    this.#reader ??= readerOf(bytes, this.#zoneMinutes);
    const complete = this.#reader?.push(bytes) ?? [];
    const last = this.#live === undefined ? [] : (this.#reader?.end() ?? []);
    return this.#normalize([...complete, ...last], false);
  }

  end(): Normalized {
    return this.#normalize(this.#reader?.end() ?? [], true);
  }

  #normalize(messages: readonly Message[], isEnd: boolean): Normalized {
    const parts = new NormalizedParts();
    for (const message of messages) {
      if ('line' in message) this.#boot.take(message.line);
      if (!this.#isHolding) {
        this.#add(message, parts);
        continue;
      }
      this.#held.push(message);
      this.#heldChars += 'line' in message ? message.line.text.length : message.none.length;
      if (this.#boot.isKnown || this.#heldChars > HELD_CHARS_MAX) this.#letGo(parts);
    }
    if (isEnd) this.#letGo(parts);
    return parts.done();
  }

  #letGo(parts: NormalizedParts): void {
    this.#isHolding = false;
    for (const one of this.#held) this.#add(one, parts);
    this.#held = [];
  }

  #add(message: Message, parts: NormalizedParts): void {
    if ('none' in message) return parts.reject(NO_MESSAGE, message.none);
    const { line, under } = message;
    const { text, facility, severity, uptimeUs } = line;
    const isKernel = (facility ?? 0) === 0;
    const event = isKernel ? kernelEvent(text) : undefined;
    if (isKernel) this.#victim = oomVictim(text) ?? this.#victim;
    const victim =
      event?.attributes['process.pid'] === this.#victim?.pid ? this.#victim : undefined;
    // What befell a process is no record of the kernel: of its unit, if that is known.
    const own = isKernel && event === undefined ? 'kernel' : undefined;
    const service = (victim && unitOfGroup(victim.group)) ?? own;
    const attributes: Record<string, Json> = { ...under, ...event?.attributes };
    if (victim !== undefined) attributes['process.linux.cgroup'] = victim.group;
    if (facility !== undefined) attributes['syslog.facility'] = facility;
    if (severity !== undefined) attributes['syslog.severity'] = severity;
    if (uptimeUs !== undefined) attributes['_SOURCE_MONOTONIC_TIMESTAMP'] = uptimeUs.toString();
    const ofSyslog = SEVERITY_OF_SYSLOG[severity ?? -1];
    const fields = {
      kind: event === undefined ? ('log' as const) : ('event' as const),
      eventName: event?.eventName,
      timeNs: this.#timeOf(line),
      severity: event === undefined ? ofSyslog : Math.max(event.severity, ofSyslog ?? 0),
      body: text,
      bodyIsJson: false,
      attributes,
      resource: service === undefined ? {} : { 'service.name': service },
    };
    const origin = {
      observedNs: this.#context.observedNs(),
      attributes: {},
      resource: this.#live?.resource ?? {},
      ...(line.sequence === undefined ? {} : { position: line.sequence }),
    };
    addFields(fields, origin, this.#context, parts.rows);
  }

  #timeOf({ time, uptimeUs }: KernelLine): TimeNs | undefined {
    if (time !== undefined || uptimeUs === undefined) return time;
    return this.#live?.at(uptimeUs) ?? this.#boot.at(uptimeUs);
  }
}

/** Cuts bytes into messages. */
interface MessageReader {
  push(bytes: Uint8Array): readonly Message[];
  end(): readonly Message[];
}

/** The reader of what begins with these bytes; undefined while they are empty lines. */
function readerOf(
  bytes: Uint8Array,
  zoneMinutes: (unixMs: number) => number,
): MessageReader | undefined {
  const first = bytes.find((byte) => byte !== LF);
  if (first === undefined) return undefined;
  return first === BRACE ? new JsonMessages(zoneMinutes) : new LineMessages(zoneMinutes);
}

/** `dmesg --json`: one document with all messages. */
class JsonMessages implements MessageReader {
  readonly #documents = new JsonDocuments();
  readonly #zoneMinutes: (unixMs: number) => number;

  constructor(zoneMinutes: (unixMs: number) => number) {
    this.#zoneMinutes = zoneMinutes;
  }

  push(bytes: Uint8Array): readonly Message[] {
    return this.#documents.push(bytes).flatMap((text) => this.#messages(text));
  }

  end(): readonly Message[] {
    return this.#documents.end().flatMap((text) => this.#messages(text));
  }

  #messages(text: string): readonly Message[] {
    const list = parseJsonObject(text)?.['dmesg'];
    if (!Array.isArray(list)) return [{ none: text }];
    return list.map((entry: Json): Message => {
      const line = isJsonObject(entry) ? kernelEntry(entry, this.#zoneMinutes) : undefined;
      return line === undefined ? { none: JSON.stringify(entry) } : { line, under: {} };
    });
  }
}

/** Lines; what belongs to a message stands under it, so the last one waits for the next. */
class LineMessages implements MessageReader {
  readonly #stream = new LineStream();
  readonly #zoneMinutes: (unixMs: number) => number;
  #last: { readonly line: KernelLine; readonly under: Record<string, Json> } | undefined;

  constructor(zoneMinutes: (unixMs: number) => number) {
    this.#zoneMinutes = zoneMinutes;
  }

  push(bytes: Uint8Array): readonly Message[] {
    return this.#stream.push(bytes).flatMap(({ text }) => this.#take(text));
  }

  end(): readonly Message[] {
    const rest = this.#stream.end().flatMap(({ text }) => this.#take(text));
    return [...rest, ...this.#takeLast()];
  }

  #take(text: string): readonly Message[] {
    if (text === '') return [];
    const under = this.#last === undefined ? null : CONTINUATION.exec(text);
    if (this.#last !== undefined && under !== null) {
      const name = under[1] ?? '';
      this.#last.under[ATTRIBUTE_NAMES[name] ?? name] = under[2] ?? '';
      return [];
    }
    const done = this.#takeLast();
    const line = kernelLine(text, this.#zoneMinutes);
    if (line === undefined) return [...done, { none: text }];
    this.#last = { line, under: {} };
    return done;
  }

  #takeLast(): readonly Message[] {
    const last = this.#last;
    this.#last = undefined;
    return last === undefined ? [] : [last];
  }
}
