import type { Source } from '../../../ports/source.ts';
import type { SyslogSourceParts } from './listener-parts.ts';
import { syslogSpecSchema, type SyslogSpec } from './syslog-spec.ts';
import { startTcpListener } from './tcp-listener.ts';
import { startUdpListener } from './udp-listener.ts';

/**
 * A listener for syslog, RFC 5424 and RFC 3164, over UDP, TCP or TLS.
 *
 * Plain syslog has no acknowledgement: what a sender wrote may be lost with our process, at most a
 * tenth of a second and what lies in the kernel's buffers. Over TCP and TLS nothing else is lost:
 * while records cannot be made durable nothing is read, and the sender waits.
 */
export function createSyslogSource(parts: SyslogSourceParts): Source<SyslogSpec> {
  return {
    kind: 'syslog',
    specSchema: syslogSpecSchema,
    start: (spec, context) =>
      spec.transport === 'udp'
        ? startUdpListener(parts, spec, context)
        : startTcpListener(parts, spec, context),
  };
}
