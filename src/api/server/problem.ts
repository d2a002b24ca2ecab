import { STATUS_CODES } from 'node:http';
import { LastgoodError, messageOf } from '../../base/error.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ProblemDocument } from '../contract.ts';

/** The media type of problem documents (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

/** An error as the API answers it. */
export function problemDocument(error: LastgoodError): ProblemDocument {
  const { code, entry, detail } = error;
  return {
    type: 'about:blank',
    title: STATUS_CODES[entry.status] ?? 'Error',
    status: entry.status,
    detail,
    code,
    hint: entry.hint,
  };
}

/** Codes of fastify that have a code of ours; everything else of status 4xx is a bad request. */
const CODES: Readonly<Record<string, Parameters<typeof lgError>[0]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'LG_API_BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'LG_API_MEDIA_UNSUPPORTED',
  FST_ERR_NOT_FOUND: 'LG_API_NOT_FOUND',
};

/** What a request brought; values in it are repeated to who sent it. */
export interface RequestParts {
  readonly body?: unknown;
  readonly query?: unknown;
  readonly params?: unknown;
}

/**
 * The error to answer for anything thrown while a request was served. What is not the caller's
 * fault becomes LG_RUNTIME_BUG without its words, which may hold what the caller must not see.
 */
export function errorOf(thrown: unknown, request: RequestParts = {}): LastgoodError {
  if (thrown instanceof LastgoodError) return thrown;
  if (!(thrown instanceof Error)) return lgError('LG_RUNTIME_BUG', 'the request failed', thrown);
  const code = 'code' in thrown ? CODES[String(thrown.code)] : undefined;
  if (code !== undefined) return lgError(code, firstLine(thrown), thrown);
  if ('validation' in thrown && Array.isArray(thrown.validation)) {
    return lgError(
      'LG_API_REQUEST_INVALID',
      validationText(thrown.validation, partOf(thrown, request)),
      thrown,
    );
  }
  const status = 'statusCode' in thrown ? Number(thrown.statusCode) : 500;
  if (status >= 400 && status < 500) {
    return lgError('LG_API_REQUEST_INVALID', firstLine(thrown), thrown);
  }
  return lgError('LG_RUNTIME_BUG', 'the request failed inside; the log says why', thrown);
}

/** Issues named in an answer: the first few are enough to mend a request. */
const ISSUES_MAX = 5;

/** Members that hold secrets; a wrong one is not repeated. */
const SECRET_MEMBERS = /token|secret|password|nonce|key|authorization/i;

/** Values longer than this are named by their kind alone. */
const VALUE_CHARS_MAX = 80;

function validationText(issues: readonly unknown[], part: unknown): string {
  const texts = issues.slice(0, ISSUES_MAX).map((issue) => {
    const { instancePath, message } = { instancePath: '', message: '', ...Object(issue) };
    const path = String(instancePath)
      .split('/')
      .filter((step) => step !== '');
    if (path.length === 0) return String(message);
    return `${path.join('.')}: ${plainWords(String(message))}${seenAt(path, part)}`;
  });
  return texts.join('; ').slice(0, 1000);
}

/** The validator's own words for what people leave out most often are no words for people. */
function plainWords(message: string): string {
  return message.replace(
    /^Too small: expected string to have >=1 characters$/,
    'must not be empty',
  );
}

function partOf(thrown: Error, { body, query, params }: RequestParts): unknown {
  const context = 'validationContext' in thrown ? thrown.validationContext : 'body';
  return context === 'querystring' ? query : context === 'params' ? params : body;
}

/** ` (it is 7)`: the value seen, where it is short and no secret. */
function seenAt(path: readonly string[], part: unknown): string {
  if (SECRET_MEMBERS.test(path.at(-1) ?? '')) return '';
  let value = part;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return '';
    value = new Map<string, unknown>(Object.entries(value)).get(step);
  }
  if (Array.isArray(value)) return ' (it is a list)';
  if (typeof value === 'object' && value !== null) return ' (it is an object)';
  const text = JSON.stringify(value) ?? '';
  return text.length > VALUE_CHARS_MAX ? ` (it has ${text.length} characters)` : ` (it is ${text})`;
}

function firstLine(thrown: Error): string {
  return (messageOf(thrown).split('\n')[0] ?? '').slice(0, 300);
}
