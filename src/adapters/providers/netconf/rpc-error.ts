import type { LastgoodError } from '../../../base/error.ts';
import { hideSecrets } from '../../../model/checkpoint/secret-text.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { childOf, childrenOf, type XmlElement } from './xml/element.ts';

/** What of a device's words is shown: a path of lists can be long, the reason is short. */
const WORDS_CHARS_MAX = 500;

/** Why a device did not do what it was asked (RFC 6241, 4.3). */
export interface RpcError {
  readonly tag: string;
  /** `lock-denied` tells by whom: 0 is nobody's session. */
  readonly session?: string;
  /** Tag, place and message, as the device gave them. */
  readonly words: string;
}

/** The first error of an answer; warnings are none. */
export function rpcErrorOf(reply: XmlElement): RpcError | undefined {
  const errors = childrenOf(reply, 'rpc-error').filter(
    (one) => textOf(one, 'error-severity') !== 'warning',
  );
  const [first] = errors;
  if (first === undefined) return undefined;
  const tag = textOf(first, 'error-tag');
  const place = [textOf(first, 'error-path'), textOf(first, 'error-message')];
  const more = errors.length > 1 ? `(and ${errors.length - 1} more)` : '';
  const words = [tag, ...place, more].filter((word) => word !== '').join(', ');
  const info = childOf(first, 'error-info');
  const session = info === undefined ? '' : textOf(info, 'session-id');
  return {
    tag,
    ...(session === '' ? {} : { session }),
    words: hideSecrets(words).slice(0, WORDS_CHARS_MAX),
  };
}

/** Tags that say that somebody else is at work on the device. */
const BUSY: ReadonlySet<string> = new Set(['lock-denied', 'in-use', 'resource-denied']);

/** The error of a refusal, in the device's own words. */
export function refusalError(doing: string, { tag, session, words }: RpcError): LastgoodError {
  if (!BUSY.has(tag)) return lgError('LG_PROVIDER_DEVICE_REFUSED', `${doing}: ${words}`);
  const holder = session === undefined ? '' : `; session ${session} holds it`;
  return lgError('LG_PROVIDER_DEVICE_BUSY', `${doing}: ${words}${holder}`);
}

function textOf(element: XmlElement, name: string): string {
  return childOf(element, name)?.text.trim().replaceAll(/\s+/g, ' ') ?? '';
}
