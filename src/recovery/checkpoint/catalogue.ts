import { canonicalJson, type Json } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/hash.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type {
  CheckpointFact,
  CheckpointId,
  CheckpointManifest,
  CheckpointView,
} from '../../model/checkpoint/checkpoint.ts';
import { consistencyClaim, consistencyLevel } from '../../model/checkpoint/consistency.ts';
import { coverageText } from '../../model/checkpoint/coverage-text.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { checkpointStatus, openAccusations } from './checkpoint-status.ts';
import { isStoredFact } from './stored-fact.ts';

const PREFIX = 'checkpoint/';

interface Entry {
  readonly manifest: CheckpointManifest;
  facts: readonly CheckpointFact[];
  version: number;
  /** Entries that another version wrote and this one cannot read. */
  readonly unknown: number;
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
   * they were taken and forgotten stays in the audit log. LG_STORE_CONTROL_DAMAGED when what is
   * sealed cannot be read; a later fact that cannot makes its checkpoint unrestorable.
   */
  async load(): Promise<Result<void>> {
    const streams = await this.#store.streams(PREFIX);
    if (!streams.ok) return streams;
    for (const stream of streams.value) {
      const read = await this.#store.read(stream);
      if (!read.ok) return read;
      const facts = read.value.map(({ entry }): unknown => entry).filter(isStoredFact);
      const [first] = facts;
      if (facts.some((fact) => fact.kind === 'forgotten')) {
        const cleared = await this.#store.drop(stream);
        if (!cleared.ok) return cleared;
        continue;
      }
      if (read.value.length === 0) continue;
      const unknown = read.value.length - facts.length;
      if (first?.kind !== 'sealed' || !isStoredFact(read.value[0]?.entry)) {
        // Passed over, its blobs would be freed by the next prune.
        const seen = `${stream} does not begin with a manifest that this version can read`;
        return err(lgError('LG_STORE_CONTROL_DAMAGED', seen));
      }
      const id = stream.slice(PREFIX.length);
      const { manifest } = first;
      this.#entries.set(id, { manifest, facts, version: read.value.length, unknown });
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
    this.#entries.set(id, { manifest, facts: [fact], version: written.value, unknown: 0 });
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

  /**
   * What is to be said of a new checkpoint that holds a state which an incident points at: the
   * culprit is its content, whenever it was captured. [] when nothing of it is accused.
   */
  accusations(manifest: CheckpointManifest, at: string): readonly CheckpointFact[] {
    const known = [...this.#entries.values()].flatMap((entry) => openAccusations(entry.facts));
    const said = new Map<string, CheckpointFact>();
    for (const { incident, state, hash } of known) {
      const isHeld = manifest.captures.some(
        (capture) => capture.state === state && capture.fingerprint === hash,
      );
      if (!isHeld || state === undefined) continue;
      said.set(incident, { kind: 'incident', at, incident, hash, state });
    }
    return [...said.values()];
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
    const { manifest, unknown } = entry;
    const view = {
      id: id as CheckpointId,
      ...checkpointStatus(entry.facts, this.#soakMs()),
      level: consistencyLevel(manifest),
      claim: consistencyClaim(manifest),
      coverage: coverageText(manifest),
      manifest,
    };
    if (unknown === 0) return view;
    // What cannot be read may be what speaks against it.
    const facts = unknown === 1 ? 'a fact' : `${unknown} facts`;
    const statusReason = `${facts} about it came from another version`;
    const { goodAt: _, ...rest } = view;
    return { ...rest, status: 'unrestorable', statusReason };
  }
}

function json(fact: CheckpointFact): Json {
  const plain: Json = JSON.parse(JSON.stringify(fact));
  return plain;
}
