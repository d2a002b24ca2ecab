import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import { isLoopback } from '../../../base/loopback.ts';
import { createSenderList, senderPolicy } from '../../../api/access/sender-policy.ts';
import { readTlsFiles } from '../../../api/server/tls-files.ts';
import type { SyslogSourceParts } from '../../../adapters/sources/syslog/listener-parts.ts';
import { createSyslogSource } from '../../../adapters/sources/syslog/syslog-source.ts';
import { canonicalJson } from '../../../base/canonical-json.ts';
import { messageOf } from '../../../base/error.ts';
import { sha256 } from '../../../base/hash.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { Config } from '../../../config/schema.ts';
import type { ListenAddress } from '../../../config/values.ts';
import type { SourceEntry } from '../../../evidence/collect/source-entry.ts';
import { createSyslogReader } from '../../../evidence/normalize/syslog/syslog-reader.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { entryOf } from './configured.ts';
import { ownResource } from './own-resource.ts';
import type { SourceEntries, SourceWorld } from './source-world.ts';

/** Where syslog over TLS is taken unless `listen.syslogTls` says otherwise (RFC 5425). */
const TLS_DEFAULT: ListenAddress = { host: '127.0.0.1', port: 6514 };

/** Syslog over UDP, TCP and TLS, where `listen.syslog…` says. */
export const syslogEntries: SourceEntries = (world) => {
  const { listen, access } = world.config;
  const tls = access.tls === undefined ? undefined : readTls(access.tls);
  if (tls !== undefined && !tls.ok) return tls;
  const admits = createSenderList(access.senders);
  const hasAuthority = access.tls?.ca !== undefined;
  const plain: SyslogSourceParts = partsOf(world, admits);
  // A sender's certificate is worth more than its address.
  const certified = hasAuthority ? partsOf(world, () => true) : plain;
  // Another list of senders or a renewed certificate starts the listeners anew.
  const madeWith = sha256(canonicalJson({ senders: access.senders, tls: tls?.value }));
  const entries: SourceEntry[] = [];
  const add = (
    name: 'syslogUdp' | 'syslogTcp' | 'syslogTls',
    at: ListenAddress | false | undefined,
    transport: 'udp' | 'tcp' | 'tls',
  ): Result<void> => {
    if (at === undefined || at === false) return ok(undefined);
    const isTls = transport === 'tls';
    const policy = senderPolicy({
      name,
      address: at.host,
      senders: access.senders,
      hasAuthority: isTls && hasAuthority,
    });
    if (!policy.ok) return policy;
    const source = createSyslogSource(isTls ? { ...certified, tls: tls?.value } : plain);
    const spec = { transport, address: at.host, port: at.port };
    entries.push({ ...entryOf(`syslog-${transport}`, source, spec), madeWith });
    return ok(undefined);
  };
  const opened = [
    add('syslogUdp', listen.syslogUdp, 'udp'),
    add('syslogTcp', listen.syslogTcp, 'tcp'),
    add('syslogTls', tls === undefined ? undefined : (listen.syslogTls ?? TLS_DEFAULT), 'tls'),
  ];
  return opened.find((one) => !one.ok) ?? ok(entries);
};

function partsOf(
  { resolve, zoneMinutes }: SourceWorld,
  admits: (address: string) => boolean,
): SyslogSourceParts {
  const thisHost = ownResource();
  return {
    readerOf: (source, reject) => createSyslogReader({ source, resolve, zoneMinutes, reject }),
    originOf: (address) => {
      if (!admits(address)) return undefined;
      return { address, resource: isLoopback(address) ? thisHost : { 'host.ip': [address] } };
    },
  };
}

/** Certificate and key, and the authority of the senders if there is one. */
function readTls(files: NonNullable<Config['access']['tls']>): Result<TlsOptions> {
  const own = readTlsFiles(files);
  if (!own.ok || files.ca === undefined) return own;
  try {
    const ca = readFileSync(files.ca, 'utf8');
    return ok({ ...own.value, ca, requestCert: true, rejectUnauthorized: true });
  } catch (cause) {
    const detail = `${files.ca} cannot be read: ${messageOf(cause)}`;
    return err(lgError('LG_ACCESS_TLS_INVALID', detail, cause));
  }
}
