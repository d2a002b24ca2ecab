import { listenerPolicy } from '../../../api/access/listener-policy.ts';
import { senderOf } from '../../../api/access/sender.ts';
import { readTlsFiles } from '../../../api/server/tls-files.ts';
import { InFlight } from '../../../adapters/sources/otlp/in-flight.ts';
import { createOtlpSource } from '../../../adapters/sources/otlp/otlp-source.ts';
import { sha256 } from '../../../base/hash.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { SourceEntry } from '../../../evidence/collect/source-entry.ts';
import { createOtlpDecoder } from '../../../evidence/normalize/otlp/otlp-decoder.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { entryOf } from './configured.ts';
import type { SourceEntries, SourceWorld } from './source-world.ts';

/** The listeners of OTLP: the member of `listen`, the source's id and what it speaks. */
const LISTENERS = [
  { name: 'otlpHttp', id: 'otlp', transport: 'http' },
  { name: 'otlpGrpc', id: 'otlp-grpc', transport: 'grpc' },
] as const;

/** OTLP over HTTP and gRPC, where `listen.otlpHttp` and `listen.otlpGrpc` say. */
export const otlpEntries: SourceEntries = (world) => {
  const { access } = world.config;
  const tls = access.tls === undefined ? undefined : readTlsFiles(access.tls);
  const entries: SourceEntry[] = [];
  const inFlight = new InFlight();
  for (const listener of LISTENERS) {
    const at = world.config.listen[listener.name];
    if (at === false) continue;
    const { host: address, port } = at;
    const isLoopback = requireSafe(world, listener.name, address);
    if (!isLoopback.ok) return isLoopback;
    if (tls !== undefined && !tls.ok) return tls;
    const source = createOtlpSource({
      decoderOf: (name) => createOtlpDecoder({ source: name, resolve: world.resolve }),
      authorize: ({ headers }) => {
        // No exporter sends an Origin; no browser page may forge records, even by DNS rebinding.
        if (headers.origin !== undefined) {
          return err(lgError('LG_ACCESS_ORIGIN_REFUSED', 'a browser page tried to send records'));
        }
        const { senders, clock } = world;
        return senderOf(headers.authorization, isLoopback.value, senders(), clock.now());
      },
      inFlight,
      tls: tls?.value,
    });
    const spec = { address, port, transport: listener.transport };
    // A renewed certificate or key starts the listener anew.
    const madeWith = sha256(`${tls?.value.cert}\n${tls?.value.key}`);
    entries.push({ ...entryOf(listener.id, source, spec), madeWith });
  }
  return ok(entries);
};

/** Whether only this machine reaches an address; LG_ACCESS_LISTENER_OPEN where all would. */
function requireSafe(
  { config, senders }: SourceWorld,
  name: string,
  address: string,
): Result<boolean> {
  const plan = { name, address, hasTls: config.access.tls !== undefined };
  const policy = listenerPolicy({ ...plan, tokens: senders().length });
  if (!policy.ok) return policy;
  return ok(listenerPolicy({ ...plan, hasTls: false, tokens: 0 }).ok);
}
