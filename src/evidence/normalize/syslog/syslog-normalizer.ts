import type { NormalizerFactory } from '../../../ports/normalizer.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { messageFrames } from './message-frames.ts';
import { MessageRows } from './message-rows.ts';

/** A file has no sender. */
const NO_SENDER = { address: '', resource: {} };

/** The format `syslog`: RFC 5424 and RFC 3164, counted or a line each. */
export const syslogNormalizer: NormalizerFactory = (context) => {
  let parts = new NormalizedParts();
  let observedNs = context.observedNs();
  const frames = messageFrames(new MessageRows(context), NO_SENDER, () => ({
    observedNs,
    rows: parts.rows,
    reject: (reason, input) => parts.reject(reason, input),
  }));
  const normalize = (work: () => void) => {
    parts = new NormalizedParts();
    observedNs = context.observedNs();
    work();
    return parts.done();
  };
  return {
    push: (bytes) => normalize(() => frames.push(bytes)),
    end: () => normalize(() => frames.end()),
  };
};
