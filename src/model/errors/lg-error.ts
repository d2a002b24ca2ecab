import { LastgoodError } from '../../base/error.ts';
import { CATALOGUE, type ErrorCode } from './catalogue.ts';

/** Makes the error of a code. `detail`: what, where and the value seen, without secrets. */
export function lgError(code: ErrorCode, detail: string, cause?: unknown): LastgoodError {
  return new LastgoodError(code, CATALOGUE[code], detail, cause);
}

/** An error as it crosses the bus and the API. */
export interface ErrorMessage {
  readonly code: string;
  readonly detail: string;
}

/** The message form of an error. */
export function toMessage(error: LastgoodError): ErrorMessage {
  return { code: error.code, detail: error.detail };
}

/** The error of a message; an unknown code becomes LG_RUNTIME_BUG with the words kept. */
export function fromMessage(message: ErrorMessage): LastgoodError {
  const code = message.code;
  if (isErrorCode(code)) return lgError(code, message.detail);
  return lgError('LG_RUNTIME_BUG', `${message.code}: ${message.detail}`);
}

/** Whether a text is a code of the catalogue. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(CATALOGUE, text);
}
