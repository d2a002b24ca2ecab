/** One link of the hash chain of who did what. */
export interface AuditEntry {
  readonly sequence: number;
  readonly at: string;
  readonly principal: string;
  /** `token.create`, `plan.apply`, … */
  readonly action: string;
  readonly object: string;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** One sentence without secrets. */
  readonly detail: string;
  /** SHA-256 of the previous entry's canonical JSON; 64 zeros for the first. */
  readonly previous: string;
}
