import { createHmac } from 'node:crypto';
import { systemCode } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Notice, Notifier } from '../../../ports/notifier.ts';

/** Settings of a webhook; secrets stand here in clear and never leave but to the receiver. */
export interface WebhookSettings {
  /** `http:` or `https:`. Its path may be a secret: messages name the host only. */
  readonly url: string;
  /** Further headers, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs the body: `x-lastgood-signature-256: sha256=<hex HMAC-SHA256 of the body>`. */
  readonly secret?: string;
  readonly timeoutMs?: number;
}

/** A receiver that needs longer holds back the notices behind it. */
const TIMEOUT_MS = 5_000;

/** Longer texts are cut: a notice tells that there is something to read, and links to it. */
const TEXT_CHARS_MAX = 8_000;

/** Answers below 500 after which the same request may succeed later (RFC 9110, 8470, 6585). */
const BUSY_STATUS = new Set([408, 425, 429]);

/**
 * Posts each notice as JSON. Receivers can drop repeats by `id`, which is the header
 * `idempotency-key` too, and can check the signature. One attempt a call; redirects are refused,
 * because they would carry the signature and the headers elsewhere.
 */
export function createWebhookNotifier(settings: WebhookSettings): Notifier {
  return {
    kind: 'webhook',
    async notify(notice, signal) {
      const body = JSON.stringify({ ...notice, text: notice.text.slice(0, TEXT_CHARS_MAX) });
      const limit = AbortSignal.timeout(settings.timeoutMs ?? TIMEOUT_MS);
      try {
        const response = await fetch(settings.url, {
          method: 'POST',
          body,
          headers: headersOf(settings, notice, body),
          redirect: 'manual',
          signal: AbortSignal.any([signal, limit]),
        });
        // What it says is of no use, and could be endless.
        await response.body?.cancel();
        return judge(settings, response.status);
      } catch (error) {
        return err(lgError('LG_NOTIFY_UNREACHABLE', failure(settings, error, limit)));
      }
    },
  };
}

function headersOf(
  settings: WebhookSettings,
  notice: Notice,
  body: string,
): Readonly<Record<string, string>> {
  const { headers = {}, secret } = settings;
  const sign = (key: string): string => createHmac('sha256', key).update(body).digest('hex');
  return {
    ...headers,
    'content-type': 'application/json',
    'user-agent': 'lastgood',
    'idempotency-key': notice.id,
    ...(secret === undefined ? {} : { 'x-lastgood-signature-256': `sha256=${sign(secret)}` }),
  };
}

function judge(settings: WebhookSettings, status: number): Result<void> {
  if (status >= 200 && status < 300) return ok(undefined);
  const seen = `${hostOf(settings)} answered ${status}`;
  if (status >= 500 || BUSY_STATUS.has(status)) return err(lgError('LG_NOTIFY_BUSY', seen));
  const isRedirect = status >= 300 && status < 400;
  const detail = isRedirect ? `${seen}; redirects are not followed` : seen;
  return err(lgError('LG_NOTIFY_REFUSED', detail));
}

/** What went wrong without the words of the error: they may quote the URL or a header. */
function failure(settings: WebhookSettings, error: unknown, limit: AbortSignal): string {
  const host = hostOf(settings);
  if (limit.aborted) return `${host} did not answer within ${settings.timeoutMs ?? TIMEOUT_MS} ms`;
  const code = systemCode(error instanceof Error ? (error.cause ?? error) : error);
  return code === undefined ? `the call to ${host} failed` : `the call to ${host} failed: ${code}`;
}

function hostOf({ url }: WebhookSettings): string {
  return URL.canParse(url) ? new URL(url).host : 'a URL that is none';
}
