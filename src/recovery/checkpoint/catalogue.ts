import { canonicalJson, type Json } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/hash.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type {
  CheckpointFact,
  CheckpointId,
  CheckpointManifest,
  CheckpointView,
} from '../../model/checkpoint.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { checkpointStatus } from './checkpoint-status.ts';

const PREFIX = 'checkpoint/';

interface Entry {
  readonly manifest: CheckpointManifest;
  facts: readonly CheckpointFact[];
  version: number;
}

/** The id of a manifest: the checkpoint is its content. */
export function checkpointId(manifest: CheckpointManifest): CheckpointId {
  return `cp_${sha256(canonicalJson(manifest)).slice(0, 24)}` as CheckpointId;
}

/** Every checkpoint with its facts; each is an append-only stream of the control store. */
export class Catalogue {
  readonly #store: ControlStore;
  readonly #soakMs: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(store: ControlStore, soakMs: () => number) {
    this.#store = store;
    this.#soakMs = soakMs;
  }

  /**
   * Reads all checkpoints, and clears what is left of forgotten ones. Call once before use; that
   * they were taken and forgotten stays in the audit log.
   */
  async load(): Promise<Result<void>> {
    const streams = await this.#store.streams(PREFIX);
    if (!streams.ok) return streams;
    for (const stream of streams.value) {
      const read = await this.#store.read(stream);
      if (!read.ok) return read;
      // We alone write these streams, and encryption authenticates them.
      const facts = read.value.map(({ entry }) => entry as unknown as CheckpointFact);
      const [first] = facts;
      if (facts.some((fact) => fact.kind === 'forgotten')) {
        const cleared = await this.#store.drop(stream);
        if (!cleared.ok) return cleared;
        continue;
      }
      if (first?.kind !== 'sealed') continue;
      const id = stream.slice(PREFIX.length);
      this.#entries.set(id, { manifest: first.manifest, facts, version: facts.length });
    }
    return ok(undefined);
  }

  /** Seals a manifest: from now on it is a checkpoint. Sealing the same again changes nothing. */
  async seal(manifest: CheckpointManifest): Promise<Result<CheckpointId>> {
    const id = checkpointId(manifest);
    if (this.#entries.has(id)) return ok(id);
    const fact = { kind: 'sealed', at: manifest.takenAt, manifest } as const;
    const written = await this.#store.append(PREFIX + id, 0, [json(fact)]);
    if (!written.ok) return written;
    this.#entries.set(id, { manifest, facts: [fact], version: written.value });
    return ok(id);
  }

  /** Adds facts to a checkpoint, durably. */
  async add(id: string, facts: readonly CheckpointFact[]): Promise<Result<void>> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return err(lgError('LG_CHECKPOINT_UNKNOWN', `"${id}"`));
    if (facts.length === 0) return ok(undefined);
    const written = await this.#store.append(PREFIX + id, entry.version, facts.map(json));
    if (!written.ok) return written;
    entry.version = written.value;
    entry.facts = [...entry.facts, ...facts];
    if (facts.some((fact) => fact.kind === 'forgotten')) this.#entries.delete(id);
    return ok(undefined);
  }

  /** Newest first. */
  list(): readonly CheckpointView[] {
    const views = [...this.#entries].map(([id, entry]) => this.#viewOf(id, entry));
    return views.toSorted((a, b) => (a.manifest.takenAt < b.manifest.takenAt ? 1 : -1));
  }

  view(id: string): Result<CheckpointView> {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return ok(this.#viewOf(id, entry));
    return err(lgError('LG_CHECKPOINT_UNKNOWN', `"${id}"`));
  }

  facts(id: string): readonly CheckpointFact[] {
    return this.#entries.get(id)?.facts ?? [];
  }

  #viewOf(id: string, entry: Entry): CheckpointView {
    const { manifest, facts } = entry;
    return { id: id as CheckpointId, ...checkpointStatus(facts, this.#soakMs()), manifest };
  }
}

function json(fact: CheckpointFact): Json {
  const plain: Json = JSON.parse(JSON.stringify(fact));
  return plain;
}
