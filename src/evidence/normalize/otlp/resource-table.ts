import { canonicalJson, type Json } from '../../../base/canonical-json.ts';
import { sha256 } from '../../../base/hash.ts';
import type { Entity, ResolveEntity } from '../../../model/component/entity.ts';
import { readKeyValue } from './decode-any-value.ts';
import { MalformedBody, RejectedRecord } from './decode-failure.ts';
import { OTLP_KEYS } from './otlp-keys.ts';
import { checkEnd, enter, skipField, type WireInput } from './wire.ts';

/** A resource, decoded and resolved. */
export interface KnownResource {
  readonly json: string;
  readonly entity: Entity;
}

/** A fleet's processes; a sender that draws a new resource each time must not fill memory. */
const RESOURCES_MAX = 2048;

/** Larger resources are not remembered. */
const RESOURCE_BYTES_MAX = 64 * 1024;

const ATTRIBUTES = 0x0a;
const DROPPED = 0x10;

/** Decodes each resource once: senders repeat theirs with every request. */
export class ResourceTable {
  readonly #resolve: ResolveEntity;
  #known = new Map<string, KnownResource>();

  constructor(resolve: ResolveEntity) {
    this.#resolve = resolve;
  }

  /** The resource message that stands between the reader and `end`. */
  read(input: WireInput, end: number): KnownResource {
    const bytes = input.bytes.subarray(input.reader.pos, end);
    const isLarge = bytes.length > RESOURCE_BYTES_MAX;
    const hash = isLarge ? '' : sha256(bytes);
    const known = isLarge ? undefined : this.#known.get(hash);
    if (known !== undefined) {
      input.reader.pos = end;
      return known;
    }
    const attributes = readResource(input, end);
    const resource = { json: canonicalJson(attributes), entity: this.#resolve(attributes) };
    if (isLarge) return resource;
    if (this.#known.size >= RESOURCES_MAX) this.#known.clear();
    this.#known.set(hash, resource);
    return resource;
  }

  /** The resource of records that come without one. */
  empty(): KnownResource {
    return { json: '', entity: this.#resolve({}) };
  }
}

function readResource(input: WireInput, end: number): { readonly [key: string]: Json } {
  const { reader } = input;
  const pairs: [string, Json][] = [];
  let dropped = 0;
  try {
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === ATTRIBUTES) pairs.push(readKeyValue(input, enter(input, end), 0));
      else if (tag === DROPPED) dropped = reader.uint32();
      else skipField(input, tag, end);
      checkEnd(input, end);
    }
  } catch (error) {
    // Without its resource none of the records below can be told where they come from.
    if (error instanceof RejectedRecord) throw new MalformedBody(error.message, reader.pos);
    throw error;
  }
  if (dropped > 0) pairs.push([OTLP_KEYS.droppedAttributes, dropped]);
  return Object.fromEntries(pairs);
}
