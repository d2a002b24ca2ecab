import type { Json } from '../../../base/canonical-json.ts';
import { looseText } from '../../../base/text-slice.ts';
import { SEVERITY_OF_SYSLOG } from '../../../model/severity.ts';
import type {
  NormalizerContext,
  NormalizerFactory,
  Normalized,
} from '../../../ports/normalizer.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { addFields } from '../text/add-line.ts';
import type { LineFields } from '../text/line-fields.ts';
import { parseSyslog } from './parse-syslog.ts';
import { SyslogFrames } from './syslog-frames.ts';
import type { SyslogMessage } from './syslog-message.ts';

/** The format `syslog`: RFC 5424 and RFC 3164, counted or a line each. */
export const syslogNormalizer: NormalizerFactory = (context) => {
  const frames = new SyslogFrames();
  return {
    push: (bytes) => normalize(frames.push(bytes), context),
    end: () => normalize(frames.end(), context),
  };
};

function normalize(frames: readonly Uint8Array[], context: NormalizerContext): Normalized {
  const parts = new NormalizedParts();
  const observedNs = context.observedNs();
  const zoneMinutes = context.zoneMinutes ?? ((): number => 0);
  for (const frame of frames) {
    // Senders close a message with LF, CR LF or NUL whatever the framing.
    const text = looseText(frame).replace(/[\r\n\0]+$/, '');
    if (text === '') continue;
    const result = parseSyslog(text, observedNs, zoneMinutes);
    if (result.kind === 'reject') {
      parts.reject(result.reason, text);
      continue;
    }
    const origin = { observedNs, attributes: {}, resource: {} };
    addFields(fieldsOf(result.message, text), origin, context, parts.rows);
  }
  return parts.done();
}

/** The mapping of the OTel logs data model, appendix A (syslog) and B (severity). */
function fieldsOf(message: SyslogMessage, original: string): LineFields {
  const severity = message.priority % 8;
  const attributes: Record<string, Json> = {
    'syslog.facility': Math.floor(message.priority / 8),
    'syslog.severity': severity,
  };
  const add = (name: string, value: Json | undefined): void => {
    if (value !== undefined) attributes[name] = value;
  };
  add('syslog.version', message.version);
  add('syslog.procid', message.processId);
  add('syslog.msgid', message.messageId);
  add('syslog.tag', message.tag);
  add('syslog.sequence', message.sequence);
  add('syslog.structured_data', message.structuredData);
  add('syslog.structured_data.original', message.structuredOriginal);
  if (message.isIrregular === true) add('log.record.original', original);
  const resource: Record<string, Json> = {};
  if (message.host !== undefined) resource['host.name'] = message.host;
  if (message.app !== undefined) resource['service.name'] = message.app;
  return {
    kind: 'log',
    timeNs: message.time,
    severity: SEVERITY_OF_SYSLOG[severity],
    body: message.text,
    bodyIsJson: false,
    attributes,
    resource,
  };
}
