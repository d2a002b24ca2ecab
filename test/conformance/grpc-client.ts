import {
  type ChannelCredentials,
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ClientOptions,
  type ServiceError,
} from '@grpc/grpc-js';

const PATHS = {
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
} as const;

/** What a call ended with. */
export interface CallEnd {
  readonly code: number;
  readonly details: string;
  readonly body?: Buffer;
  readonly metadata: Metadata;
}

/** How a call is made. */
export interface CallOptions {
  readonly token?: string;
  readonly path?: string;
  readonly signal?: keyof typeof PATHS;
}

/** Exports as the gRPC exporters of OpenTelemetry do, with the same library underneath. */
export class GrpcSender {
  readonly #client: Client;

  constructor(target: string, options: ClientOptions = {}, certificate?: Buffer) {
    const { host } = new URL(target);
    const how: ChannelCredentials =
      certificate === undefined ? credentials.createInsecure() : credentials.createSsl(certificate);
    this.#client = new Client(host, how, { 'grpc.enable_retries': 0, ...options });
  }

  /** A sender that packs its messages. */
  static gzip(target: string): GrpcSender {
    return new GrpcSender(target, {
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    });
  }

  send(body: Uint8Array, options: CallOptions = {}): Promise<CallEnd> {
    const { token = 'good', signal = 'logs', path = PATHS[signal] } = options;
    const metadata = new Metadata();
    if (token !== '') metadata.set('authorization', `Bearer ${token}`);
    return new Promise((resolve) => {
      let trailers = new Metadata();
      const call = this.#client.makeUnaryRequest(
        path,
        (message: Uint8Array) => Buffer.from(message),
        (message: Buffer) => message,
        body,
        metadata,
        (error: ServiceError | null, answer?: Buffer) => {
          if (error !== null) {
            resolve({ code: error.code, details: error.details, metadata: error.metadata });
            return;
          }
          const ended = answer === undefined ? {} : { body: answer };
          resolve({ code: 0, details: '', metadata: trailers, ...ended });
        },
      );
      call.on('status', ({ metadata: seen }) => {
        trailers = seen;
      });
    });
  }

  close(): void {
    this.#client.close();
  }
}
