import { canonicalJson, type JsonObject } from '../../../base/canonical-json.ts';
import type { InternedRow } from '../../../model/record/interned-row.ts';
import { KIND_INDEX, type RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import type { Entity, ResolveEntity } from '../../../model/component/entity.ts';
import { hasRules } from '../message/message-event.ts';
import { BoundedMemory } from './bounded-memory.ts';

/** A host and application, and where their texts stand in the newest batch. */
interface KnownOrigin {
  /** Its application, where messages of such a one may tell events. */
  readonly teller: string | undefined;
  readonly entity: Entity;
  readonly resource: string;
  /** The number of the batch that the indexes belong to. */
  batch: number;
  componentAt: number;
  hostAt: number;
  serviceAt: number;
  resourceAt: number;
  clockAt: number;
}

/** Fills in whom a row stands for; texts are looked up once a batch rather than once a row. */
export class OriginIndexes {
  readonly #source: string;
  readonly #resolve: ResolveEntity;
  readonly #known = new BoundedMemory<KnownOrigin>();
  #into: RecordBatchBuilder | undefined;
  #batch = 0;
  #sourceAt = 0;

  constructor(source: string, resolve: ResolveEntity) {
    this.#source = source;
    this.#resolve = resolve;
  }

  /** Fills in an origin that was seen before; undefined when it was not. */
  fillKnown(key: string, into: RecordBatchBuilder, row: InternedRow): KnownOrigin | undefined {
    const known = this.#known.get(key);
    if (known !== undefined) this.#write(known, into, row);
    return known;
  }

  /**
   * Fills in an origin; `resource` is asked when it was not seen before. A clock that is unset is
   * another than the one that it will be once it was set: what is known of one is no help.
   */
  fill(
    key: string,
    resource: () => JsonObject,
    into: RecordBatchBuilder,
    row: InternedRow,
    isUnset = false,
  ): void {
    if (this.fillKnown(key, into, row) !== undefined) return;
    const text = canonicalJson(resource());
    // Read anew, the names are texts of their own and keep no message in memory.
    const attributes: JsonObject = JSON.parse(text);
    const { 'service.name': app } = attributes;
    const entity = this.#resolve(attributes);
    const known: KnownOrigin = {
      teller: typeof app === 'string' && hasRules(app) ? app : undefined,
      entity: isUnset && entity.clock ? { ...entity, clock: `${entity.clock}/unset` } : entity,
      resource: text,
      batch: -1,
      componentAt: 0,
      hostAt: 0,
      serviceAt: 0,
      resourceAt: 0,
      clockAt: 0,
    };
    this.#known.set(key, known);
    this.#write(known, into, row);
  }

  #write(known: KnownOrigin, into: RecordBatchBuilder, row: InternedRow): void {
    if (this.#into !== into) {
      this.#into = into;
      this.#batch += 1;
      this.#sourceAt = into.intern(this.#source);
    }
    if (known.batch !== this.#batch) {
      const { entity } = known;
      known.batch = this.#batch;
      known.componentAt = into.intern(entity.component);
      known.hostAt = into.intern(entity.host);
      known.serviceAt = into.intern(entity.service);
      known.resourceAt = into.intern(known.resource);
      known.clockAt = into.intern(entity.clock);
    }
    row.kind = KIND_INDEX.log;
    row.source = this.#sourceAt;
    row.component = known.componentAt;
    row.host = known.hostAt;
    row.service = known.serviceAt;
    row.resource = known.resourceAt;
    row.clock = known.clockAt;
  }
}
