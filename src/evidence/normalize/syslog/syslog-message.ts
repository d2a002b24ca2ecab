import type { TimeNs } from '../../../base/time.ts';

/** Parameters of RFC 5424 by element and name; a repeated name has a list. */
export type StructuredData = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

/** A syslog message, as either RFC writes it. Absent members were not there or were `-`. */
export interface SyslogMessage {
  /** facility × 8 + severity. */
  readonly priority: number;
  readonly version?: number | undefined;
  readonly time?: TimeNs | undefined;
  readonly host?: string | undefined;
  readonly app?: string | undefined;
  readonly processId?: string | undefined;
  readonly messageId?: string | undefined;
  /** The first word of a message without a clear application name (RFC 3164, 5.3). */
  readonly tag?: string | undefined;
  /** The running number some devices put before the stamp. */
  readonly sequence?: string | undefined;
  /** The stamp is of a clock that the device marks as never set, or as kept by nothing. */
  readonly isUnset?: boolean;
  /** Who passed the message on with a header of its own. */
  readonly relay?: string | undefined;
  readonly structuredData?: StructuredData | undefined;
  readonly structuredOriginal?: string | undefined;
  /** It breaks a limit of its RFC; the whole message is worth keeping. */
  readonly isIrregular?: boolean;
  readonly text: string;
}

/** A message, or why it is none. */
export type SyslogResult =
  | { readonly kind: 'message'; readonly message: SyslogMessage }
  | { readonly kind: 'reject'; readonly reason: string };

/** user.notice: what a message without a priority counts as (RFC 3164, 4.3.3). */
export const PRIORITY_DEFAULT = 13;
