/** What sort of trouble a clue speaks of. */
export type ClueKind =
  | 'errors'
  | 'logs'
  | 'calls'
  | 'slow'
  | 'dead'
  | 'probe'
  | 'shortage'
  | 'signal'
  | 'lost'
  | 'otherwise'
  | 'unreachable';

/** One observation that speaks against a component. */
export interface Clue {
  readonly component: string;
  readonly kind: ClueKind;
  /** 0..1. */
  readonly score: number;
  /** One sentence with the numbers. */
  readonly text: string;
  readonly evidence: readonly string[];
  /** The operation, message or metric at fault. */
  readonly resource?: string;
  /** First time it was seen, RFC 3339. */
  readonly firstAt?: string;
  /** Of a death: nothing came back, which a process that hangs looks like as well. */
  readonly isMute?: boolean;
  /** Of a death: it was gone then, and answers again now. */
  readonly isBack?: boolean;
}

/** Clues that say "its process does not answer", not "it answers wrongly". */
export function isDeath(clue: Clue): boolean {
  return clue.kind === 'dead';
}
