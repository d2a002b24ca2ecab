import { parseJsonObject } from '../../../base/parse-json.ts';

/** The newest message that is durable: the kernel numbers those of one boot. */
export interface KmsgPosition {
  readonly boot: string;
  readonly sequence: number;
}

/** The position as text, stored with each batch. */
export function encodeKmsgPosition({ boot, sequence }: KmsgPosition): string {
  return JSON.stringify({ version: 1, boot, sequence });
}

/** The position of a text; undefined for none and for a text of another version. */
export function decodeKmsgPosition(text: string | undefined): KmsgPosition | undefined {
  const parsed = text === undefined ? undefined : parseJsonObject(text);
  const { version, boot, sequence } = parsed ?? {};
  if (version !== 1 || typeof boot !== 'string' || typeof sequence !== 'number') return undefined;
  return Number.isSafeInteger(sequence) ? { boot, sequence } : undefined;
}
