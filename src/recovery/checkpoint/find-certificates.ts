import { X509Certificate } from 'node:crypto';
import { concatBytes, fromUtf8Strict } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { toUnixMs, toSecond, type TimeNs } from '../../base/time.ts';
import type { BlobHash, StateImage } from '../../model/checkpoint/capture.ts';
import { sameItem } from '../../model/checkpoint/same-item.ts';
import type { StaleCertificate } from '../../model/checkpoint/stale-certificate.ts';

/** What was found of certificates in what would be restored. */
export interface FoundCertificates {
  readonly stale: readonly StaleCertificate[];
  /** Files of nothing but certificates that stay valid: whatever they are called, no secrets. */
  readonly publicPaths: readonly string[];
}

/** A chain with its key is a few KiB; a trust store has hundreds, and old ones among them. */
const FILE_BYTES_MAX = 65_536;
/** A leaf with its chain; more is a trust store, in which old ones harm nobody. */
const IN_FILE_MAX = 10;
/** Files looked into for one state; those that sound like certificates come first. */
const FILES_MAX = 400;
/** As long as a run may be undone by default: whoever goes back must not have to mend that soon. */
const SOON_MS = 7 * 86_400_000;

const NAMES = /\.(pem|crt|cer|cert)$|cert|chain/i;
const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The certificates in PEM that going to an image would bring back and that have expired or expire
 * within a week. Only what differs from now is looked into; what cannot be read is passed over, as
 * reading a checkpoint back tells of it. Of a file only the path and what is public are told.
 */
export async function findCertificates(
  now: StateImage,
  wanted: StateImage,
  at: TimeNs,
  get: (hash: BlobHash) => Promise<Result<Uint8Array>>,
): Promise<FoundCertificates> {
  const present = new Map(now.items.map((item) => [item.path, item]));
  const files = wanted.items
    .filter(
      (item) =>
        item.content !== undefined &&
        (item.size ?? 0) <= FILE_BYTES_MAX &&
        !sameItem(present.get(item.path), item),
    )
    .toSorted((a, b) => Number(NAMES.test(b.path)) - Number(NAMES.test(a.path)))
    .slice(0, FILES_MAX);
  const stale: StaleCertificate[] = [];
  const publicPaths: string[] = [];
  for (const { path, content = [] } of files) {
    const text = (await contentOf(content, get)) ?? '';
    const certificates = certificatesIn(text);
    const found = certificates.flatMap((certificate) => staleOf(path, certificate, at) ?? []);
    stale.push(...found);
    const isPublic = certificates.length > 0 && text.replaceAll(BLOCK, '').trim() === '';
    if (isPublic && found.length === 0) publicPaths.push(path);
  }
  const byPath = stale.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { stale: byPath, publicPaths };
}

function staleOf(
  path: string,
  { validTo, subject }: X509Certificate,
  at: TimeNs,
): StaleCertificate | undefined {
  const validMs = Date.parse(validTo) - toUnixMs(at);
  if (Number.isNaN(validMs) || validMs > SOON_MS) return undefined;
  const expiresAt = toSecond(new Date(validTo).toISOString());
  return { path, subject: subject.replaceAll('\n', ', '), expiresAt, isExpired: validMs <= 0 };
}

function certificatesIn(text: string): readonly X509Certificate[] {
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length > IN_FILE_MAX) return [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      // It only looks like one; whoever reads it would not take it either.
      return [];
    }
  });
}

async function contentOf(
  blobs: readonly BlobHash[],
  get: (hash: BlobHash) => Promise<Result<Uint8Array>>,
): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  for (const blob of blobs) {
    const bytes = await get(blob);
    if (!bytes.ok) return undefined;
    parts.push(bytes.value);
  }
  return fromUtf8Strict(concatBytes(parts));
}
