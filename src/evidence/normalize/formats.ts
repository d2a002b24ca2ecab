import type { NormalizerFactory } from '../../ports/normalizer.ts';
import { alertmanagerNormalizer } from './alert/alertmanager-normalizer.ts';
import { nagiosNormalizer } from './alert/nagios-normalizer.ts';
import { journalExportNormalizer } from './journal/export-normalizer.ts';
import { journalJsonNormalizer } from './journal/journal-json-normalizer.ts';
import { kmsgNormalizer } from './kernel/kmsg-normalizer.ts';
import { rtmonNormalizer } from './netlink/rtmon-normalizer.ts';
import { pcapNormalizer } from './pcap/pcap-normalizer.ts';
import { otlpJsonNormalizer } from './otlp/otlp-json-normalizer.ts';
import { otlpProtobufNormalizer } from './otlp/otlp-protobuf-normalizer.ts';
import { syslogNormalizer } from './syslog/syslog-normalizer.ts';
import { textNormalizer } from './text/text-normalizer.ts';

/** The formats of `normalize --format`, by name. The list of the command line is this one. */
export const FORMATS: Readonly<Record<string, NormalizerFactory>> = {
  alertmanager: alertmanagerNormalizer,
  'journal-export': journalExportNormalizer,
  'journal-json': journalJsonNormalizer,
  kmsg: kmsgNormalizer,
  nagios: nagiosNormalizer,
  'otlp-json': otlpJsonNormalizer,
  'otlp-protobuf': otlpProtobufNormalizer,
  pcap: pcapNormalizer,
  // The reader tells the two by how they begin; many know only this name.
  pcapng: pcapNormalizer,
  rtmon: rtmonNormalizer,
  syslog: syslogNormalizer,
  text: textNormalizer,
};
