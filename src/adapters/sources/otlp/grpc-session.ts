import { constants, type ServerHttp2Session } from 'node:http2';
import type { SourceContext } from '../../../ports/source.ts';
import type { OtlpLimits } from './otlp-spec.ts';

/** How often we ask whether a silent sender is still there, and how long it has for its answer. */
const PING_EVERY_MS = 60_000;
const PING_ANSWER_MS = 20_000;

/**
 * Pings a sender may send in a minute. Exporters that keep their connection alive ask every 10 s
 * at most; what asks oftener only keeps us busy.
 */
const PINGS_MAX = 60;

/**
 * Ends connections that are of no use: no HTTP/2 within the time for headers, a peer that is gone,
 * more pings than anybody needs (gRPC's `too_many_pings`).
 */
export function watchSession(
  session: ServerHttp2Session,
  { clock }: SourceContext,
  { headersTimeoutMs }: OtlpLimits,
): void {
  const cancelGreeting = clock.after(headersTimeoutMs, () => session.destroy());
  session.once('remoteSettings', cancelGreeting);
  let pings = 0;
  session.on('ping', () => {
    pings += 1;
    if (pings !== PINGS_MAX + 1) return;
    session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'));
    session.close();
  });
  let cancel: () => void = () => undefined;
  const ask = (): void => {
    pings = 0;
    const giveUp = clock.after(PING_ANSWER_MS, () => session.destroy());
    cancel = giveUp;
    const isSent = session.ping((error) => {
      giveUp();
      if (error === null && !session.destroyed) cancel = clock.after(PING_EVERY_MS, ask);
    });
    if (!isSent) session.destroy();
  };
  cancel = clock.after(PING_EVERY_MS, ask);
  session.on('error', () => undefined);
  session.once('close', () => {
    cancelGreeting();
    cancel();
  });
}
