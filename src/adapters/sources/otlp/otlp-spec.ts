import { z } from 'zod';

/** The settings of a listener for OTLP. */
export const otlpSpecSchema = z.strictObject({
  address: z.string().min(1).default('127.0.0.1'),
  /** 0 lets the system choose. */
  port: z.int().min(0).max(65_535).default(4318),
  transport: z.enum(['http', 'grpc']).default('http'),
  limits: z
    .strictObject({
      /** As it comes over the wire. Collectors send at most a few MiB. */
      bodyBytesMax: z
        .int()
        .positive()
        .default(16 * 1024 * 1024),
      /** After decompression: four times as much, telemetry compresses about tenfold. */
      unpackedBytesMax: z
        .int()
        .positive()
        .default(64 * 1024 * 1024),
      /** All bodies in memory together; beyond, senders are told to wait. */
      inFlightBytesMax: z
        .int()
        .positive()
        .default(128 * 1024 * 1024),
      /** Each connection costs memory and a file descriptor. */
      connectionsMax: z.int().positive().default(512),
      /** Calls at once on one gRPC connection; exporters make one at a time, collectors a few. */
      streamsMax: z.int().positive().default(100),
      /** A sender that has not sent its headers by then is broken or hostile. */
      headersTimeoutMs: z.int().positive().default(10_000),
      /** A whole request, body included, must be there by then. */
      requestTimeoutMs: z.int().positive().default(30_000),
    })
    .prefault({}),
});

/** As parsed. */
export type OtlpSpec = z.infer<typeof otlpSpecSchema>;

/** The limits of a listener. */
export type OtlpLimits = OtlpSpec['limits'];
