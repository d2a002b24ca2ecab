import type { TlsOptions } from 'node:tls';
import type { Reject } from '../../../model/record/timeline-record.ts';
import type { MessageOrigin, MessageReader } from '../../../ports/normalizer.ts';

/** What the composition root gives. */
export interface SyslogSourceParts {
  /** Makes the reader of a source; what is no message goes to `reject`. */
  readonly readerOf: (source: string, reject: (reject: Reject) => void) => MessageReader;
  /** Whom an address stands for; undefined when it may not send. */
  readonly originOf: (address: string) => MessageOrigin | undefined;
  /** Certificate, key and client authority of the TLS listener. */
  readonly tls?: TlsOptions | undefined;
}

/** Why a sender is not let in, said the same way on every transport. */
export function strangerReason(address: string): string {
  return `the sender ${address} is not in access.senders`;
}

/** An address without the prefix of IPv4 on an IPv6 socket (RFC 4291, 2.5.5.2). */
export function plainAddress(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
}

/** `address:port` as it stands in URLs. */
export function printPlace(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
