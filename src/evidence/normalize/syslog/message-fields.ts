import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import type { SyslogMessage } from './syslog-message.ts';

/** The attributes of a message: the OTel logs data model, appendix A (syslog), and our own. */
export function attributesOf(message: SyslogMessage, original: string): Record<string, Json> {
  const attributes: Record<string, Json> = {
    'syslog.facility': Math.floor(message.priority / 8),
    'syslog.severity': message.priority % 8,
  };
  const add = (name: string, value: Json | undefined): void => {
    if (value !== undefined) attributes[name] = value;
  };
  add('syslog.version', message.version);
  add('syslog.procid', message.processId);
  add('syslog.msgid', message.messageId);
  add('syslog.tag', message.tag);
  add('syslog.sequence', message.sequence);
  add('syslog.relay.host', message.relay);
  if (message.isUnset === true) add('clock.synchronized', false);
  add('syslog.structured_data', message.structuredData);
  add('syslog.structured_data.original', message.structuredOriginal);
  if (message.isIrregular === true) add('log.record.original', original);
  return attributes;
}

/** The resource of a message; `otherwise` stands for the host of a message that names none. */
export function resourceOf(
  host: string | undefined,
  app: string | undefined,
  otherwise: JsonObject,
): JsonObject {
  const resource: Record<string, Json> = host === undefined ? { ...otherwise } : {};
  if (host !== undefined) resource['host.name'] = host;
  if (app !== undefined) resource['service.name'] = app;
  return resource;
}
