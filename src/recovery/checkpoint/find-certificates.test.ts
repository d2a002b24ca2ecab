import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { sha256 } from '../../base/hash.ts';
import { ok } from '../../base/result.ts';
import { parseRfc3339, timeNs } from '../../base/time.ts';
import { stateImage, type BlobHash, type StateImage } from '../../model/checkpoint/capture.ts';
import { isBlobHash } from '../../model/checkpoint/image-blob.ts';
import { findCertificates, type FoundCertificates } from './find-certificates.ts';

const pem = await readFile(new URL('testdata/shop.pem', import.meta.url), 'utf8');
/** When `shop.pem` expires, and some days before that. */
const EXPIRES = '2027-11-21T15:19:27Z';
const DAYS_BEFORE = '2027-11-18T15:19:27Z';
const contents = new Map<string, string>();

function image(files: Readonly<Record<string, string>>): StateImage {
  return stateImage(
    Object.entries(files).map(([path, text]) => {
      const hash = sha256(text);
      assert.ok(isBlobHash(hash));
      contents.set(hash, text);
      return { path, attributes: { type: 'file' }, content: [hash], size: text.length };
    }),
  );
}

function find(
  at: string,
  wanted: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>> = {},
): Promise<FoundCertificates> {
  const time = parseRfc3339(at) ?? timeNs(0n);
  const get = async (hash: BlobHash) => ok(utf8(contents.get(hash) ?? ''));
  return findCertificates(image(now), image(wanted), time, get);
}

test('a certificate that has expired by now is found, whatever its file is called', async () => {
  const files = { '/etc/shop/tls.bundle': `key material\n${pem}`, '/etc/shop/shop.conf': 'port 1' };
  assert.deepEqual((await find('2030-01-01T00:00:00Z', files)).stale, [
    {
      path: '/etc/shop/tls.bundle',
      subject: 'CN=shop.example',
      expiresAt: EXPIRES,
      isExpired: true,
    },
  ]);
});

test('one that expires within a week is told of, one that is good for longer is not', async () => {
  const [soon] = (await find(DAYS_BEFORE, { 'a.pem': pem })).stale;
  assert.equal(soon?.isExpired, false);
  assert.deepEqual((await find('2026-12-01T00:00:00Z', { 'a.pem': pem })).stale, []);
});

test('what stays as it is brings nothing back, and neither does a trust store', async () => {
  const at = '2030-01-01T00:00:00Z';
  assert.deepEqual((await find(at, { 'a.pem': pem }, { 'a.pem': pem })).stale, []);
  assert.deepEqual((await find(at, { 'roots.pem': pem.repeat(11) })).stale, []);
});

test('what only looks like a certificate is passed over', async () => {
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  assert.deepEqual(await find('2030-01-01T00:00:00Z', { 'a.pem': broken }), {
    stale: [],
    publicPaths: [],
  });
});

test('a file of nothing but a valid certificate is no secret, one with more may be', async () => {
  const files = { 'public.pem': pem, 'both.pem': `a private key\n${pem}`, 'key.pem': 'a key' };
  const { publicPaths } = await find('2026-12-01T00:00:00Z', files);
  assert.deepEqual(publicPaths, ['public.pem']);
});
