import { looseText } from '../../base/text-slice.ts';

/** How much of a file is looked at: enough for the first line of any log. */
export const HEAD_BYTES = 64 * 1024;

/** What gives a format away. */
interface Sign {
  readonly format: string;
  readonly fits: (head: Uint8Array, line: string) => boolean;
}

const startsWith = (...bytes: readonly number[]): Sign['fits'] => {
  return (head) => bytes.every((byte, at) => head[at] === byte);
};

const line = (pattern: RegExp): Sign['fits'] => {
  return (_head, text) => pattern.test(text);
};

/** White space, escape sequences and separators (0x1c to 0x1f) stand in logs; the rest does not. */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([9, 10, 11, 12, 13, 27, 28, 29, 30, 31]);

function isBinary(head: Uint8Array): boolean {
  return head.some((byte) => byte < 0x20 && !TEXT_CONTROLS.has(byte));
}

const KERNEL_NAMES = String.raw`(kern|user|daemon|syslog|auth) *:[a-z]{3,6} *: `;
const KERNEL_TIME =
  String.raw`(\[ {0,4}\d{1,8}\.\d{6}\] |\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}\] |` +
  String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{6}[+-]\d\d:\d\d )`;

/** The surest first. What fits none of them is text, which any log is. */
const SIGNS: readonly Sign[] = [
  { format: 'pcap', fits: startsWith(0xd4, 0xc3, 0xb2, 0xa1) },
  { format: 'pcap', fits: startsWith(0xa1, 0xb2, 0xc3, 0xd4) },
  { format: 'pcap', fits: startsWith(0x4d, 0x3c, 0xb2, 0xa1) },
  { format: 'pcap', fits: startsWith(0xa1, 0xb2, 0x3c, 0x4d) },
  { format: 'pcap', fits: startsWith(0x0a, 0x0d, 0x0d, 0x0a) },
  // A stamp: 24 bytes long, type 15.
  { format: 'rtmon', fits: startsWith(24, 0, 0, 0, 15, 0) },
  // The first field of every export request, with the length of a resource.
  { format: 'otlp-protobuf', fits: (head) => head[0] === 0x0a && isBinary(head) },
  { format: 'otlp-json', fits: line(/^\s*\{\s*"resource(Logs|Spans|Metrics)"/) },
  { format: 'journal-json', fits: line(/^\s*\x1e?\{.*"(__CURSOR|__REALTIME_TIMESTAMP|_BOOT_ID)"/) },
  { format: 'journal-export', fits: line(/^__(CURSOR|REALTIME_TIMESTAMP)=/) },
  { format: 'nagios', fits: line(/^NAGIOS_\w+=|^\[\d{9,12}\] [A-Z]/) },
  // /dev/kmsg; dmesg: uptime in brackets, `-T`, `--time-format iso` with its comma, each with -x.
  { format: 'kmsg', fits: line(/^\d{1,5},\d{1,20},\d{1,16},[^;]{1,200};/) },
  { format: 'kmsg', fits: line(new RegExp(`^(${KERNEL_NAMES})?${KERNEL_TIME}`)) },
  { format: 'syslog', fits: line(/^(\d{1,6} )?<\d{1,3}>/) },
  // As programs write syslog to files, without a priority: a stamp, a host, a tag.
  {
    format: 'syslog',
    fits: line(/^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.:-]+ [\w./()-]+(\[\d+\])?:/),
  },
  {
    format: 'syslog',
    fits: line(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d) [\w.:-]+ [\w./()-]+(\[\d+\])?: /,
    ),
  },
  // What a relay wrote down of a network device: a stamp, a host, and a mnemonic soon behind.
  {
    format: 'syslog',
    fits: line(
      /^([A-Z][a-z]{2} [ \d]\d|\d{4}-\d\d-\d\dT)[^%]{8,80} %[A-Z][\w-]{1,60}-[0-7]-\w{2,60} ?:/,
    ),
  },
];

/** Documents that begin with a brace and go on over many lines. */
const DOCUMENT_SIGNS: readonly Sign[] = [
  { format: 'otlp-json', fits: line(/^\s*\{\s*"resource(Logs|Spans|Metrics)"\s*:/) },
  { format: 'kmsg', fits: line(/^\s*\{\s*"dmesg"\s*:/) },
  { format: 'alertmanager', fits: line(/^\s*[[{][\s\S]*"(alerts|labels|startsAt)"\s*:/) },
];

/**
 * The format of a file by how it begins, as `normalize --format` names it; `undefined` for binary
 * content of no known kind. Pure.
 */
export function detectFormat(head: Uint8Array): string | undefined {
  const text = looseText(head.subarray(0, HEAD_BYTES));
  const first = text.split('\n').find((one) => one.trim() !== '') ?? '';
  const sign = SIGNS.find(({ fits }) => fits(head, first));
  if (sign !== undefined) return sign.format;
  if (isBinary(head)) return undefined;
  if (/^\s*[[{]\s*$/.test(first) || isOneDocument(first)) {
    return DOCUMENT_SIGNS.find(({ fits }) => fits(head, text))?.format ?? 'text';
  }
  return 'text';
}

/** A line that could be a whole document of alerts rather than one entry of a log. */
function isOneDocument(first: string): boolean {
  return /^\s*(\[\s*\{|\{\s*"(receiver|status|alerts|data|version|dmesg)"\s*:)/.test(first);
}
