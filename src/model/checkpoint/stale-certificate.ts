/** A certificate in what would be restored that is no longer valid, or soon will not be. */
export interface StaleCertificate {
  readonly path: string;
  readonly subject: string;
  /** RFC 3339, whole seconds. */
  readonly expiresAt: string;
  /** When it was looked at; else soon after. */
  readonly isExpired: boolean;
}
