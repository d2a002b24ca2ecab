import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** Where a listener's certificate chain and private key lie, PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** What a TLS server is given; TLS 1.2 is the oldest version that is still safe (RFC 8996). */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: 'TLSv1.2';
}

/** Reads and tries both files; LG_ACCESS_TLS_INVALID names the one that does not fit. */
export function readTlsFiles(files: TlsFiles): Result<TlsMaterial> {
  const read: string[] = [];
  for (const path of [files.cert, files.key]) {
    try {
      read.push(readFileSync(path, 'utf8'));
    } catch (cause) {
      const detail = `${path} cannot be read: ${messageOf(cause)}`;
      return err(lgError('LG_ACCESS_TLS_INVALID', detail, cause));
    }
  }
  const [cert = '', key = ''] = read;
  const material: TlsMaterial = { cert, key, minVersion: 'TLSv1.2' };
  try {
    createSecureContext(material);
    return ok(material);
  } catch (cause) {
    const detail = `${files.cert} with ${files.key}: ${messageOf(cause)}`;
    return err(lgError('LG_ACCESS_TLS_INVALID', detail));
  }
}
