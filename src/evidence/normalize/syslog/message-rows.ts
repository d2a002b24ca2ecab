import { canonicalJson, type JsonObject } from '../../../base/canonical-json.ts';
import { looseSlice, type SliceableBytes } from '../../../base/text-slice.ts';
import type { TimeNs } from '../../../base/time.ts';
import type { ResolveEntity } from '../../../model/component/entity.ts';
import { ABSENT_HIGH, emptyRow } from '../../../model/record/interned-row.ts';
import { KIND_INDEX, type RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { SEVERITY_OF_SYSLOG } from '../../../model/record/severity.ts';
import type { MessageOrigin } from '../../../ports/normalizer.ts';
import {
  hasMnemonic,
  hasRules,
  messageEvent,
  type MessageEvent,
} from '../message/message-event.ts';
import type { ZoneMinutes } from '../text/civil-time.ts';
import { BoundedMemory } from './bounded-memory.ts';
import { attributesOf, resourceOf } from './message-fields.ts';
import { OriginIndexes } from './origin-indexes.ts';
import { beginsWithPriority, parseSyslog } from './parse-syslog.ts';
import { findHeader, type HeaderPlaces } from './quick-header.ts';
import { QuickStamp } from './quick-stamp.ts';
import { PRIORITY_DEFAULT, type SyslogMessage } from './syslog-message.ts';

/** What messages need to know of the world. */
export interface SyslogParts {
  /** The `source.id` of the records. */
  readonly source: string;
  readonly resolve: ResolveEntity;
  /** The zone of stamps without one; UTC when absent. */
  readonly zoneMinutes?: ZoneMinutes | undefined;
}

/** A part of a message that was longer than a message may be, or broke off. */
export interface MessagePart {
  /** From 1. */
  readonly number: number;
  /** What the first part said of its origin; a part behind it goes with it. */
  head: SyslogMessage | undefined;
}

/** PROCID, MSGID and structured data as attributes, one JSON text for each priority seen. */
interface Written {
  readonly address: string;
  readonly byPriority: (string | undefined)[];
}

/**
 * Turns syslog messages into rows. Of what repeats from message to message (who sends, what its
 * header says besides) the meaning is remembered, so that most messages need no parsing of it.
 */
export class MessageRows {
  readonly #zoneMinutes: ZoneMinutes;
  readonly #origins: OriginIndexes;
  readonly #written = new BoundedMemory<Written>();
  readonly #stamp = new QuickStamp();
  readonly #row = emptyRow();
  readonly #places: HeaderPlaces = {
    priority: 0,
    stampAt: 0,
    stampEnd: 0,
    appEnd: 0,
    dataEnd: 0,
  };

  constructor(parts: SyslogParts) {
    this.#zoneMinutes = parts.zoneMinutes ?? ((): number => 0);
    this.#origins = new OriginIndexes(parts.source, parts.resolve);
  }

  /**
   * Adds the record of the message from `start` to before `end`. Answers why it is none; undefined
   * when it is one, or when it is empty.
   */
  add(
    bytes: SliceableBytes,
    start: number,
    end: number,
    origin: MessageOrigin,
    observedNs: TimeNs,
    into: RecordBatchBuilder,
  ): string | undefined {
    const stop = withoutEnd(bytes, start, end);
    if (stop === start) return undefined;
    const text = looseSlice(bytes, start, stop);
    if (this.#addQuickly(text, origin, observedNs, into)) return undefined;
    const result = parseSyslog(text, observedNs, this.#zoneMinutes);
    if (result.kind === 'reject') return result.reason;
    this.#add(result.message, attributesOf(result.message, text), origin, observedNs, into);
    this.#learn(text, result.message, origin.address);
    return undefined;
  }

  /** Adds a part of a message that is kept in parts; nothing of it is ever rejected. */
  addPart(
    bytes: SliceableBytes,
    end: number,
    part: MessagePart,
    origin: MessageOrigin,
    observedNs: TimeNs,
    into: RecordBatchBuilder,
  ): void {
    const text = looseSlice(bytes, 0, withoutEnd(bytes, 0, end));
    if (text === '') return;
    let message: SyslogMessage = { ...part.head, priority: PRIORITY_DEFAULT, text };
    if (part.number === 1) {
      const result = parseSyslog(text, observedNs, this.#zoneMinutes);
      if (result.kind === 'message') message = result.message;
    } else if (part.head !== undefined) {
      message = { ...part.head, text };
    }
    part.head = message;
    const attributes = {
      ...attributesOf({ ...message, isIrregular: false }, text),
      'lastgood.record.part': part.number,
      'log.record.truncated': true,
    };
    this.#add(message, attributes, origin, observedNs, into);
  }

  /** Adds a message of which everything but stamp and text was seen before; false if it was not. */
  #addQuickly(
    text: string,
    origin: MessageOrigin,
    observedNs: TimeNs,
    into: RecordBatchBuilder,
  ): boolean {
    const places = this.#places;
    if (!findHeader(text, places)) return false;
    const { priority, stampAt, stampEnd, appEnd, dataEnd } = places;
    const written = this.#written.get(text.slice(appEnd + 1, dataEnd));
    if (written === undefined || written.address !== origin.address) return false;
    const attributes = written.byPriority[priority];
    if (attributes === undefined || !this.#stamp.read(text, stampAt, stampEnd)) return false;
    const row = this.#row;
    const known = this.#origins.fillKnown(text.slice(stampEnd + 1, appEnd), into, row);
    if (known === undefined) return false;
    row.timeHigh = this.#stamp.high;
    row.timeLow = this.#stamp.low;
    row.severity = SEVERITY_OF_SYSLOG[priority % 8] ?? 0;
    row.eventName = 0;
    const isMarked = text.charCodeAt(dataEnd + 1) === BYTE_ORDER_MARK;
    row.body = text.slice(dataEnd + (isMarked ? 2 : 1));
    row.attributes = attributes;
    // Who may tell events, or have been passed on, is read with care.
    if (hasMnemonic(row.body) || beginsWithPriority(row.body)) return false;
    if (known.teller !== undefined && messageEvent(known.teller, row.body) !== undefined) {
      return false;
    }
    into.addInterned(row, observedNs);
    return true;
  }

  #add(
    message: SyslogMessage,
    attributes: JsonObject,
    origin: MessageOrigin,
    observedNs: TimeNs,
    into: RecordBatchBuilder,
  ): void {
    const { host, time, priority, text } = message;
    const row = this.#row;
    const event = eventOf(message);
    const app = event?.isOfHost === true ? undefined : message.app;
    const resource = (): JsonObject => resourceOf(host, app, origin.resource);
    const key = originKey(message, app, origin.address);
    this.#origins.fill(key, resource, into, row, message.isUnset);
    row.timeHigh = time === undefined ? ABSENT_HIGH : Number(BigInt.asUintN(64, time) >> 32n);
    row.timeLow = time === undefined ? 0 : Number(BigInt.asUintN(32, time));
    row.severity = event?.severity ?? SEVERITY_OF_SYSLOG[priority % 8] ?? 0;
    row.eventName = event === undefined ? 0 : into.intern(event.eventName);
    if (event !== undefined) row.kind = KIND_INDEX.event;
    row.body = text;
    row.attributes = canonicalJson(allAttributes(message, attributes, origin.address, event));
    into.addInterned(row, observedNs);
  }

  /** Remembers what the next message of the same header needs. */
  #learn(text: string, message: SyslogMessage, address: string): void {
    if (message.isIrregular === true || message.version === undefined) return;
    if (message.relay !== undefined || beginsWithPriority(message.text)) return;
    // What its MSGID may make an event of is read with care each time.
    if (message.messageId !== undefined && hasRules(message.app)) return;
    if (message.time === undefined || !findHeader(text, this.#places)) return;
    const { priority, stampAt, stampEnd, appEnd, dataEnd } = this.#places;
    // Only where the quick way finds the same parts as the careful one.
    const isSame = message.priority === priority && text.endsWith(message.text);
    const textAt = text.length - message.text.length;
    if (!isSame || textAt < dataEnd || textAt > dataEnd + 2) return;
    this.#stamp.learn(text.slice(stampAt, stampEnd));
    const key = text.slice(appEnd + 1, dataEnd);
    let written = this.#written.get(key);
    if (written === undefined || written.address !== address) {
      written = { address, byPriority: [] };
      this.#written.set(key, written);
    }
    written.byPriority[priority] = this.#row.attributes;
  }
}

const BYTE_ORDER_MARK = 0xfeff;

/** What a message tells; Junos' structured ones have their tag in MSGID and not in the text. */
function eventOf({ app, messageId, text }: SyslogMessage): MessageEvent | undefined {
  const isTagged = messageId !== undefined && hasRules(app);
  const tagged = isTagged ? messageEvent(app, `${messageId}: ${text}`) : undefined;
  return tagged ?? messageEvent(app, text);
}

/** Everything that is said of a message; what it tells itself is nearer to it than its sender. */
function allAttributes(
  { app }: SyslogMessage,
  attributes: JsonObject,
  address: string,
  event: MessageEvent | undefined,
): JsonObject {
  if (event === undefined && address === '') return attributes;
  return {
    ...attributes,
    ...(address === '' ? {} : { 'source.address': address }),
    ...(event?.isOfHost === true && app !== undefined ? { 'syslog.appname': app } : {}),
    ...event?.attributes,
  };
}

/**
 * What whom a message stands for depends on. RFC 5424 has it as it stands in the header; only RFC
 * 3164 has names that RFC 5424 forbids, so those keys begin with a space, which no header does.
 */
function originKey(
  { host, version, isUnset }: SyslogMessage,
  app: string | undefined,
  address: string,
): string {
  const mark = isUnset === true ? ' *' : '';
  if (host === undefined) return `  ${address} ${app ?? ''}${mark}`;
  if (isUnset === true) return ` ${host} ${app ?? ''}${mark}`;
  return version === undefined ? ` ${host} ${app ?? ''}` : `${host} ${app ?? '-'}`;
}

/** Senders close a message with LF, CR LF or NUL whatever the framing. */
function withoutEnd(bytes: Uint8Array, start: number, end: number): number {
  let stop = end;
  while (stop > start && isClosing(bytes[stop - 1] ?? 0)) stop -= 1;
  return stop;
}

function isClosing(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d || byte === 0;
}
