import { fromBase64, toBase64 } from '../../base/bytes.ts';
import type { Json } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/hash.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BlobStore } from '../../runner/blob-store.ts';
import type { BlobHash } from '../../model/checkpoint/capture.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isBlobHash } from '../../model/checkpoint/image-blob.ts';
import type { Bus, Stop } from '../../ports/bus.ts';
import { VAULT_SUBJECT } from './messages.ts';

/** A put may wait for a slow disk; a vault that needs longer is stuck. */
const DEADLINE_MS = 60_000;

/** A hash is 67 bytes of JSON: a question stays at a few megabytes. */
const HASHES_ASKED_MAX = 50_000;

/**
 * The vault of the core as the host process reaches it. The vault stays with the core, so that it
 * has one writer and belongs to the user without privileges. One message a blob.
 */
export function busBlobs(bus: Bus): BlobStore {
  return {
    async put(bytes) {
      const answer = await bus.request(VAULT_SUBJECT.put, toBase64(bytes), DEADLINE_MS);
      if (!answer.ok) return answer;
      if (!isBlobHash(answer.value)) return err(otherForm(VAULT_SUBJECT.put));
      return isHeld(bytes, answer.value) ? ok(answer.value) : err(lied(answer.value));
    },
    async get(hash) {
      const answer = await bus.request(VAULT_SUBJECT.get, hash, DEADLINE_MS);
      if (!answer.ok) return answer;
      if (typeof answer.value !== 'string') return err(otherForm(VAULT_SUBJECT.get));
      const bytes = fromBase64(answer.value);
      return isHeld(bytes, hash) ? ok(bytes) : err(lied(hash));
    },
    async missing(hashes) {
      const found = new Set<BlobHash>();
      for (let at = 0; at < hashes.length; at += HASHES_ASKED_MAX) {
        const asked = hashes.slice(at, at + HASHES_ASKED_MAX);
        const answer = await bus.request(VAULT_SUBJECT.missing, asked, DEADLINE_MS);
        if (!answer.ok) return answer;
        for (const hash of hashesOf(answer.value)) found.add(hash);
      }
      return ok(found);
    },
  };
}

/** Serves a blob store to the process at the other end of a bus. */
export function serveBlobs(bus: Bus, blobs: BlobStore): Stop {
  const stops = [
    bus.serve(VAULT_SUBJECT.put, (bytes) => blobs.put(fromBase64(String(bytes)))),
    bus.serve(VAULT_SUBJECT.get, async (hash): Promise<Result<Json>> => {
      if (!isBlobHash(hash)) return err(otherForm(VAULT_SUBJECT.get));
      const bytes = await blobs.get(hash);
      return bytes.ok ? ok(toBase64(bytes.value)) : bytes;
    }),
    bus.serve(VAULT_SUBJECT.missing, async (hashes): Promise<Result<Json>> => {
      const missing = await blobs.missing(hashesOf(hashes));
      return missing.ok ? ok([...missing.value]) : missing;
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

function hashesOf(value: Json): readonly BlobHash[] {
  return Array.isArray(value) ? value.filter((hash) => isBlobHash(hash)) : [];
}

/** The core may have been taken over: no content goes by an address that is not its own. */
function isHeld(bytes: Uint8Array, hash: BlobHash): boolean {
  return sha256(bytes) === hash;
}

function lied(hash: BlobHash) {
  return lgError('LG_CHECKPOINT_DAMAGED', `the vault has other content at ${hash}`);
}

function otherForm(subject: string) {
  return lgError('LG_RUNTIME_MESSAGE_INVALID', `${subject}: a payload of another form`);
}
