import { canonicalJson, type JsonObject } from '../../../base/canonical-json.ts';
import { fitsPattern } from '../../../base/name-pattern.ts';
import { toHex } from '../../../base/bytes.ts';
import { timeNs, type TimeNs } from '../../../base/time.ts';
import type { Entity, ResolveEntity } from '../../../model/component/entity.ts';
import type { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { severityName } from '../../../model/record/severity.ts';
import { REJECT_INPUT_CHARS, type Reject } from '../../../model/record/timeline-record.ts';
import type { DecodedNetlink, NetlinkDecoder } from '../../../ports/netlink-decoder.ts';
import { decodeAddress, type InterfaceAddress } from './decode-address.ts';
import { decodeRoute, type Route } from './decode-route.ts';
import {
  NetlinkStream,
  NLM_F_MULTI,
  NLMSG_TSTAMP,
  type NetlinkMessage,
  type NetlinkPart,
} from './message-stream.ts';
import type { NetworkEvent } from './network-event.ts';
import { NetworkState } from './network-state.ts';

/** Whose network it is. */
export interface NetlinkContext {
  /** The `source.id` of the records. */
  readonly source: string;
  readonly resolve: ResolveEntity;
  readonly resource: JsonObject;
  /** The configured component; it holds whatever the resource says. */
  readonly component?: string | undefined;
  /** Interfaces of which nothing is told, `*` standing for any characters. */
  readonly exclude?: readonly string[] | undefined;
}

const NEWROUTE = 24;
const NEWADDR = 20;

/** A decoder whose input may end, as a file does. */
export interface EndingNetlinkDecoder extends NetlinkDecoder {
  /** Judges what was still incomplete. */
  end(): readonly Reject[];
}

/** Makes the decoder of one network namespace. */
export function createNetlinkDecoder(context: NetlinkContext): EndingNetlinkDecoder {
  return new Decoder(context);
}

class Decoder implements EndingNetlinkDecoder {
  readonly #context: NetlinkContext;
  readonly #entity: Entity;
  readonly #resource: string;
  readonly #state = new NetworkState();
  #stream = new NetlinkStream();
  #stampNs: TimeNs | undefined;
  #stamps = 0;

  constructor(context: NetlinkContext) {
    this.#context = context;
    this.#entity = context.resolve(context.resource);
    this.#resource = canonicalJson(context.resource);
    this.#state.beginDump();
  }

  begin(): void {
    this.#stream = new NetlinkStream();
    this.#stampNs = undefined;
    this.#stamps = 0;
    this.#state.beginDump();
  }

  push(bytes: Uint8Array, observedNs: TimeNs, into: RecordBatchBuilder): DecodedNetlink {
    const rejects: Reject[] = [];
    let mayHideRoutes = false;
    for (const part of this.#stream.push(bytes)) {
      if (part.kind === 'garbage') {
        rejects.push(rejectOf(part.reason, part.bytes));
        continue;
      }
      const { message } = part;
      if (message.type === NLMSG_TSTAMP) {
        this.#takeStamp(message, observedNs, into);
        continue;
      }
      const applied = this.#state.apply(message);
      if (typeof applied === 'string') {
        rejects.push(rejectOf(applied, bytesOf(message.body)));
        continue;
      }
      mayHideRoutes ||= applied.mayHideRoutes;
      // What a dump shows to be different changed at some time before.
      const time = (message.flags & NLM_F_MULTI) === 0 ? this.#stampNs : undefined;
      this.#add(applied.events, time, observedNs, into);
    }
    return { rejects, mayHideRoutes };
  }

  end(): readonly Reject[] {
    return this.#stream
      .end()
      .flatMap((part) => (part.kind === 'garbage' ? [rejectOf(part.reason, part.bytes)] : []));
  }

  settle(observedNs: TimeNs, into: RecordBatchBuilder): void {
    this.#add(this.#state.endDump(), undefined, observedNs, into);
  }

  replace(
    what: 'routes' | 'addresses',
    dumps: readonly Uint8Array[],
    observedNs: TimeNs,
    into: RecordBatchBuilder,
  ): DecodedNetlink {
    const parts = dumps.flatMap((dump): readonly NetlinkPart[] => {
      const stream = new NetlinkStream();
      return [...stream.push(dump), ...stream.end()];
    });
    const read = what === 'routes' ? readRoutes(parts) : readAddresses(parts);
    if (read.kind === 'malformed') return { rejects: [read.reject], mayHideRoutes: false };
    const events =
      read.kind === 'routes'
        ? this.#state.replaceRoutes(read.routes)
        : this.#state.replaceAddresses(read.addresses);
    // When it happened nobody knows, only that it did.
    this.#add(events, undefined, observedNs, into);
    return { rejects: [], mayHideRoutes: false };
  }

  /** The first stamp stands before the dump of the links, the others before a message each. */
  #takeStamp({ body }: NetlinkMessage, observedNs: TimeNs, into: RecordBatchBuilder): void {
    this.#stamps += 1;
    if (this.#stamps === 2) this.settle(observedNs, into);
    if (body.byteLength < 8) return;
    const [seconds, micros] = [body.getUint32(0, true), body.getUint32(4, true)];
    this.#stampNs = timeNs(BigInt(seconds) * 1_000_000_000n + BigInt(micros) * 1_000n);
  }

  /** What leads over other interfaces too is told. */
  #isExcluded(event: NetworkEvent): boolean {
    const { exclude = [] } = this.#context;
    const names = interfacesOf(event);
    if (exclude.length === 0 || names.length === 0) return false;
    return names.every((name) => exclude.some((pattern) => fitsPattern(name, pattern)));
  }

  #add(
    events: readonly NetworkEvent[],
    time: TimeNs | undefined,
    observedNs: TimeNs,
    into: RecordBatchBuilder,
  ): void {
    const { component, host, service, clock } = this.#entity;
    for (const event of events) {
      if (this.#isExcluded(event)) continue;
      const { eventName, severity, summary, attributes } = event;
      into.add({
        kind: 'event',
        source: this.#context.source,
        component: this.#context.component ?? component,
        host,
        service,
        clock,
        resource: this.#resource,
        eventName,
        severity,
        severityText: severityName(severity),
        timeNs: time,
        observedNs,
        body: summary,
        attributes: canonicalJson(attributes),
      });
    }
  }
}

/** The names of interfaces in an event, see `network-event.ts`. */
function interfacesOf({ attributes }: NetworkEvent): readonly string[] {
  const names = attributes['network.interface.name'];
  return typeof names === 'string' ? names.split(',') : [];
}

type Malformed = { readonly kind: 'malformed'; readonly reject: Reject };

function readRoutes(
  parts: readonly NetlinkPart[],
): { readonly kind: 'routes'; readonly routes: readonly Route[] } | Malformed {
  const routes: Route[] = [];
  for (const part of parts) {
    if (part.kind === 'garbage') return malformed(part.reason, part.bytes);
    if (part.message.type !== NEWROUTE) continue;
    const route = decodeRoute(part.message.body);
    if (route === undefined) return malformed('malformed route', bytesOf(part.message.body));
    if (route !== 'other') routes.push(route);
  }
  return { kind: 'routes', routes };
}

function readAddresses(
  parts: readonly NetlinkPart[],
): { readonly kind: 'addresses'; readonly addresses: readonly InterfaceAddress[] } | Malformed {
  const addresses: InterfaceAddress[] = [];
  for (const part of parts) {
    if (part.kind === 'garbage') return malformed(part.reason, part.bytes);
    if (part.message.type !== NEWADDR) continue;
    const address = decodeAddress(part.message.body);
    if (address === undefined) return malformed('malformed address', bytesOf(part.message.body));
    addresses.push(address);
  }
  return { kind: 'addresses', addresses };
}

function malformed(reason: string, bytes: Uint8Array): Malformed {
  return { kind: 'malformed', reject: rejectOf(reason, bytes) };
}

function rejectOf(reason: string, bytes: Uint8Array): Reject {
  return { reason, input: toHex(bytes.subarray(0, REJECT_INPUT_CHARS / 2)) };
}

function bytesOf(body: DataView): Uint8Array {
  return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
}
