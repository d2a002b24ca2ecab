import { z } from 'zod';
import { PENDING_BYTES_MAX } from './syslog-limits.ts';

const MEBIBYTE = 1024 * 1024;

/** The settings of one syslog listener. */
export const syslogSpecSchema = z.strictObject({
  transport: z.enum(['udp', 'tcp', 'tls']),
  address: z.string().min(1).default('127.0.0.1'),
  /** 0 lets the system choose. */
  port: z.int().min(0).max(65_535).default(5514),
  limits: z
    .strictObject({
      /** Messages read and not yet durable; beyond, TCP waits and UDP is shed. */
      pendingBytesMax: z.int().positive().default(PENDING_BYTES_MAX),
      /** Asked of the system for datagrams; it gives what `net.core.rmem_max` permits. */
      receiveBytes: z
        .int()
        .positive()
        .default(8 * MEBIBYTE),
      /** Each connection costs memory and a file descriptor. */
      connectionsMax: z.int().positive().default(1024),
      /** One sender alone must not take all connections. */
      connectionsPerSenderMax: z.int().positive().default(256),
      /** A message that has begun must be complete by then: senders write whole messages. */
      messageTimeoutMs: z.int().positive().default(30_000),
      /**
       * A connection this long without a byte is given up. A sender that comes back to a closed
       * connection may lose a message, so this is longer than senders are silent; what died
       * without a word is found by keep-alive probes.
       */
      idleTimeoutMs: z
        .int()
        .positive()
        .default(6 * 3_600_000),
      /** A TLS handshake is a few packets. */
      handshakeTimeoutMs: z.int().positive().default(10_000),
    })
    .prefault({}),
});

/** As parsed. */
export type SyslogSpec = z.infer<typeof syslogSpecSchema>;

/** The limits of a listener. */
export type SyslogLimits = SyslogSpec['limits'];
