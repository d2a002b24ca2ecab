import { listenerPolicy } from '../../../api/access/listener-policy.ts';
import { senderOf } from '../../../api/access/sender.ts';
import { readTlsFiles } from '../../../api/server/tls-files.ts';
import { createOtlpSource } from '../../../adapters/sources/otlp/otlp-source.ts';
import { err, ok } from '../../../base/result.ts';
import { createOtlpDecoder } from '../../../evidence/normalize/otlp/otlp-decoder.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { entryOf } from './configured.ts';
import type { SourceEntries } from './source-world.ts';

/** OTLP over HTTP, where `listen.otlpHttp` says. */
export const otlpEntries: SourceEntries = ({ config, senders, resolve, clock }) => {
  const { otlpHttp } = config.listen;
  if (otlpHttp === false) return ok([]);
  const { host, port } = otlpHttp;
  const { tls: files } = config.access;
  const plan = { name: 'otlpHttp', address: host, hasTls: files !== undefined };
  const policy = listenerPolicy({ ...plan, tokens: senders().length });
  if (!policy.ok) return policy;
  const isLoopback = listenerPolicy({ ...plan, hasTls: false, tokens: 0 }).ok;
  const tls = files === undefined ? undefined : readTlsFiles(files);
  if (tls !== undefined && !tls.ok) return tls;
  const source = createOtlpSource({
    decoderOf: (name) => createOtlpDecoder({ source: name, resolve }),
    authorize: ({ headers }) => {
      // No exporter sends an Origin; a browser page must not forge records, even by DNS rebinding.
      if (headers.origin !== undefined) {
        return err(lgError('LG_ACCESS_ORIGIN_REFUSED', 'a browser page tried to send records'));
      }
      return senderOf(headers.authorization, isLoopback, senders(), clock.now());
    },
    tls: tls?.value,
  });
  return ok([entryOf('otlp', source, { address: host, port })]);
};
