import type { RecordBatch } from '../../../model/record/record-batch.ts';
import { spanKey } from '../../../model/record/record-parts.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import { attributeInteger, attributeText, saysRefused } from './attribute-text.ts';
import { EDGE, OPERATION, SeriesTable } from './series-table.ts';
import { SlowLine } from './slow-line.ts';
import { SeenDependencies } from './seen-dependencies.ts';
import { SpanLinks } from './span-links.ts';
import type { TroubledTimes } from './troubled-times.ts';

/** Distinct span names; beyond, names hold ids and are no operations. */
const OPERATIONS_MAX = 1_000;
const EDGES_MAX = 500;

/** Addresses that were learned to belong to a component. */
const ADDRESSES_MAX = 1_000;

/** Attributes that name whom a client span calls, in semconv's new and old spelling. */
const PEER_NAMES = ['service.peer.name', 'peer.service'] as const;

/** One span of a batch. */
export interface SpanRow {
  readonly batch: RecordBatch;
  readonly row: number;
  readonly component: string;
  readonly ms: number;
  readonly bucket: number;
  readonly durationMs: number;
}

type Side = 'client' | 'server' | 'internal' | 'unknown';

/** Counts operations and the calls between components, from spans in any order of arrival. */
export class CallGraph {
  readonly operations: SeriesTable;
  readonly edges: SeriesTable;
  readonly seen = new SeenDependencies();
  readonly #links = new SpanLinks();
  readonly #addresses = new Map<string, string>();

  constructor(buckets: number) {
    this.operations = new SeriesTable(OPERATIONS_MAX, buckets, 4);
    this.edges = new SeriesTable(EDGES_MAX, buckets, 5);
  }

  /** The component that was seen to answer at `host:port`. */
  componentAt(address: string): string | undefined {
    return this.#addresses.get(address);
  }

  forgetBefore(bucket: number): void {
    this.operations.forgetBefore(bucket);
    this.edges.forgetBefore(bucket);
  }

  observe(span: SpanRow, troubled: TroubledTimes): void {
    const { batch, row, component } = span;
    const attributes = batch.attributes[row] ?? '';
    const id = spanKey(batch.span[row]);
    const parent = spanKey(batch.parentSpan[row]);
    const expected = this.#links.take(id);
    const isError = (batch.severity[row] ?? 0) >= SEVERITY.error;
    const side = sideOf(attributes);
    const address = side === 'client' ? addressOf(attributes) : undefined;
    const callee = expected?.callee ?? peerOf(attributes) ?? this.#addresses.get(address ?? '');
    if (expected?.callee !== undefined && address !== undefined) {
      this.#learn(address, expected.callee);
    }
    if (callee !== undefined && callee !== component && side === 'client') {
      this.#countCall(span, callee, isError, isError && saysRefused(attributes), troubled);
    }
    this.#toParent(span, parent, side, isError, troubled);
    if (side !== 'client') {
      const ownMs = Math.max(0, span.durationMs - (expected?.childMs ?? 0));
      this.#countOperation(span, side, parent === 0, isError, ownMs, troubled);
    }
    if (id !== 0) this.#links.remember(id, { component, address });
  }

  /** Joins a span to its parent: as a part of the same component's work, or as a served call. */
  #toParent(
    span: SpanRow,
    parent: number,
    side: Side,
    isError: boolean,
    troubled: TroubledTimes,
  ): void {
    if (parent === 0) return;
    const above = this.#links.seen(parent);
    const isElsewhere = above !== undefined && above.component !== span.component;
    if (isElsewhere) {
      const edge = this.edges.of(above.component, span.component);
      edge?.ring.add(span.bucket, EDGE.served, 1, troubled);
      this.seen.served(above.component, span.component, span.ms);
      if (isError) edge?.ring.add(span.bucket, EDGE.servedErrors, 1, troubled);
      if (above.address !== undefined) this.#learn(above.address, span.component);
      return;
    }
    if (above !== undefined) return;
    // A server's parent is elsewhere, a client's is its own component's span; both still to come.
    if (side === 'server') this.#links.expectCallee(parent, span.component);
    else if (!Number.isNaN(span.durationMs)) this.#links.expectChild(parent, span.durationMs);
  }

  #countCall(
    span: SpanRow,
    callee: string,
    isError: boolean,
    isRefused: boolean,
    troubled: TroubledTimes,
  ): void {
    this.seen.call(span.component, callee, span.ms);
    const edge = this.edges.of(span.component, callee);
    if (edge === undefined) return;
    edge.ring.add(span.bucket, EDGE.calls, 1, troubled);
    if (!isError) return;
    edge.ring.add(span.bucket, EDGE.errors, 1, troubled);
    edge.ring.noteError(span.bucket, span.ms);
    if (isRefused) edge.ring.add(span.bucket, EDGE.refused, 1, troubled);
  }

  #countOperation(
    span: SpanRow,
    side: Side,
    isRoot: boolean,
    isError: boolean,
    ownMs: number,
    troubled: TroubledTimes,
  ): void {
    const { batch, row, component, bucket } = span;
    const operation = this.operations.of(component, nameOf(batch, row));
    if (operation === undefined) return;
    if (side === 'server' || isRoot) operation.isEntry = true;
    const { ring } = operation;
    ring.add(bucket, OPERATION.calls, 1, troubled);
    if (isError) {
      ring.add(bucket, OPERATION.errors, 1, troubled);
      ring.noteError(bucket, span.ms);
    }
    if (Number.isNaN(ownMs)) return;
    ring.add(bucket, OPERATION.totalMs, ownMs, troubled);
    operation.slowLine ??= new SlowLine();
    if (operation.slowLine.isSlow(bucket, ownMs, troubled.isNow)) {
      ring.add(bucket, OPERATION.slow, 1, troubled);
    }
  }

  #learn(address: string, component: string): void {
    if (this.#addresses.size >= ADDRESSES_MAX && !this.#addresses.has(address)) return;
    this.#addresses.set(address, component);
  }
}

/** Which side of a call a span is; OTLP's numbers and names are both understood. */
function sideOf(attributes: string): Side {
  const name = attributeText(attributes, 'span.kind')?.toLowerCase().replace('span_kind_', '');
  const kind = name ?? attributeInteger(attributes, 'span.kind');
  if (kind === 'client' || kind === 'producer' || kind === 3 || kind === 4) return 'client';
  if (kind === 'server' || kind === 'consumer' || kind === 2 || kind === 5) return 'server';
  return kind === 'internal' || kind === 1 ? 'internal' : 'unknown';
}

function peerOf(attributes: string): string | undefined {
  for (const name of PEER_NAMES) {
    const peer = attributeText(attributes, name);
    if (peer !== undefined) return peer;
  }
  return undefined;
}

function addressOf(attributes: string): string | undefined {
  const host =
    attributeText(attributes, 'server.address') ?? attributeText(attributes, 'net.peer.name');
  const port =
    attributeInteger(attributes, 'server.port') ?? attributeInteger(attributes, 'net.peer.port');
  return host === undefined || port === undefined ? undefined : `${host}:${port}`;
}

function nameOf(batch: RecordBatch, row: number): string {
  if (batch.bodyIsJson[row] === 0 && batch.body[row]) return batch.body[row] ?? '';
  return attributeText(batch.attributes[row] ?? '', 'span.name') ?? 'unnamed';
}
