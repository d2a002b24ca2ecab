import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeParsed } from '../../src/evidence/normalize/otlp/encode-json.ts';

const attributes = [
  { key: 'service.name', value: { stringValue: 'checkout' } },
  { key: 'count', value: { intValue: '-5' } },
  { key: 'ratio', value: { doubleValue: 0.25 } },
  { key: 'nested', value: { kvlistValue: { values: [{ key: 'a', value: { boolValue: true } }] } } },
  { key: 'list', value: { arrayValue: { values: [{ bytesValue: 'AQID' }, {}] } } },
];
const time = '1795217155824000000';
const traceId = '5b8efff798038103d269b633813fc60c';
const spanId = 'eee19b7ec3c1b174';
const resource = { attributes };
const scope = { name: 'shop', version: '1', attributes };

/** A capture of a real program, from beside the parser. */
const capture = (name: string): Uint8Array =>
  readFileSync(join(import.meta.dirname, '../../src/evidence/normalize/pcap/testdata', name));

/** One sound request of each signal. */
export const REQUESTS = {
  logs: {
    resourceLogs: [
      {
        resource,
        scopeLogs: [
          {
            scope,
            logRecords: [
              {
                timeUnixNano: time,
                severityNumber: 9,
                severityText: 'INFO',
                traceId,
                spanId,
                flags: 1,
              },
              { body: { stringValue: 'text\n"quoted" ü' }, attributes, eventName: 'a.b' },
            ],
          },
        ],
      },
    ],
  },
  traces: {
    resourceSpans: [
      {
        resource,
        scopeSpans: [
          {
            scope,
            spans: [
              {
                traceId,
                spanId,
                parentSpanId: spanId,
                name: 'GET /',
                kind: 2,
                startTimeUnixNano: time,
                endTimeUnixNano: '1795217155825000000',
                attributes,
                events: [{ name: 'exception', timeUnixNano: time, attributes }],
                links: [{ traceId, spanId, attributes }],
                status: { code: 2, message: 'no' },
                traceState: 'a=b',
              },
            ],
          },
        ],
      },
    ],
  },
  metrics: {
    resourceMetrics: [
      {
        resource,
        scopeMetrics: [
          {
            scope,
            metrics: [
              {
                name: 'orders',
                sum: {
                  isMonotonic: true,
                  aggregationTemporality: 2,
                  dataPoints: [
                    { asInt: '3', timeUnixNano: time, exemplars: [{ traceId, asDouble: 1 }] },
                  ],
                },
              },
              {
                name: 'latency',
                histogram: {
                  dataPoints: [{ count: 3, bucketCounts: [1, 2], explicitBounds: [0.5] }],
                },
              },
              {
                name: 'size',
                exponentialHistogram: {
                  dataPoints: [{ scale: 2, positive: { offset: -1, bucketCounts: [1, 300] } }],
                },
              },
              {
                name: 'old',
                summary: { dataPoints: [{ quantileValues: [{ quantile: 0.5, value: 1 }] }] },
              },
            ],
          },
        ],
      },
    ],
  },
} as const;

/** The same requests as protobuf. */
export const PROTOBUF = {
  logs: encodeParsed('LogsRequest', REQUESTS.logs),
  traces: encodeParsed('TracesRequest', REQUESTS.traces),
  metrics: encodeParsed('MetricsRequest', REQUESTS.metrics),
} as const;

/** Lines of logs as programs write them. */
export const LINES: readonly string[] = [
  '2026-11-21T01:50:33.123456Z ERROR [main] payment refused',
  '2026-11-21 01:50:33,123 WARN  o.s.w.s.m Resolved exception',
  '2026/11/21 01:50:33 [error] 42#0: *1 connect() failed',
  'Nov 21 01:50:33 web1 sshd[123]: Accepted publickey for root',
  '127.0.0.1 - - [21/Nov/2026:01:50:33 +0000] "GET / HTTP/1.1" 200 612',
  'E1121 01:50:33.123456   1 main.go:12] failed',
  '{"level":50,"time":1795217155824,"hostname":"web1","err":{"type":"E","message":"m"},"msg":"x"}',
  `{"@timestamp":"2026-11-21T01:50:33Z","log.level":"warn","message":"m","trace.id":"${traceId}"}`,
  'time="2026-11-21T01:50:33Z" level=error msg="failed"',
  'plain words',
];

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const SYSLOG: readonly string[] = [
  '<165>1 2003-10-11T22:14:15.003Z host app 1 ID47 [a@1 k="v" q="\\"x"][b@2] \ufeffmessage',
  '<34>Oct 11 22:14:15 mymachine su[12]: failed for lonvick on /dev/pts/8',
  '<189>000123: r1: *Mar  1 18:46:11.123 UTC: %SYS-5-CONFIG_I: Configured from console',
  'no priority at all',
];

const JOURNAL: readonly unknown[] = [
  { __REALTIME_TIMESTAMP: '1795216923805195', PRIORITY: '3', MESSAGE: 'failed', _HOSTNAME: 'web1' },
  { __REALTIME_TIMESTAMP: '1795216923805195', MESSAGE: [104, 255, 105], SYSLOG_FACILITY: '0' },
];

/** Two entries; the second one's message has its length before it, as binary fields have. */
const JOURNAL_EXPORT = [
  '__CURSOR=s=94b7;i=1;b=3a6f;m=32eae1bf;t=660bd8309c60b;x=485c',
  '__REALTIME_TIMESTAMP=1795216923805195\nPRIORITY=3\nMESSAGE=failed\n',
  '__REALTIME_TIMESTAMP=1795216923805196',
  'MESSAGE\n\u0005\0\0\0\0\0\0\0a\nb\u0001c\n_HOSTNAME=web1\n\n',
].join('\n');

const ALERTS = {
  version: '4',
  status: 'firing',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'Down', severity: 'critical', instance: '[::1]:9100', job: 'shop' },
      annotations: { summary: 'down' },
      startsAt: '2026-11-20T23:25:41.722Z',
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: '46be5dd33c749652',
    },
    { status: { state: 'active' }, labels: { alertname: 'x' }, endsAt: '2026-11-20T23:25:42Z' },
  ],
};

const NAGIOS = [
  '[1795217345] SERVICE ALERT: shop-lb;checkout;CRITICAL;HARD;3;502 rate 37%',
  '[1795217345] SERVICE NOTIFICATION: lg;shop-lb;checkout;ACKNOWLEDGEMENT (CRITICAL);nt;seen',
  '[1795217345] HOST ALERT: shop-lb;DOWN;SOFT;1;no answer',
  '[1795217345] Nagios 4.4.6 starting... (PID=5388)',
  'NAGIOS_ADMINEMAIL=\nNAGIOS_HOSTNAME=a\nNAGIOS_HOSTSTATE=DOWN\nNAGIOS_TIMET=1795217345',
];

const KMSG = [
  '6,195,127942,-;audit: type=2000 audit(1794959611.759:1): state=initialized',
  '6,196,164070,-;acpi PNP0A08:00: \\x5c_OSC\n SUBSYSTEM=acpi\n DEVICE=+acpi:PNP0A08:00',
  '6,449,1365243231,c,caller=T7;oom-kill:task_memcg=/a.slice/web.service,task=x,pid=7,uid=0',
  '3,450,1365243264,-;Memory cgroup out of memory: Killed process 7 (x) total-vm:2kB',
  'kern  :err   : [ 1365.243264] web[7]: segfault at 0 ip 0 sp 0 error 4',
  'kern  :err   : 2026-11-20T23:30:34,243264+00:00 PM: suspend exit',
  '[Sat Nov 21 01:29:29 2026] Linux version 6.1',
];

const DMESG = {
  dmesg: [
    { pri: 3, time: 1365.243264, msg: 'Out of memory: Killed process 7 (x)' },
    { fac: 'kern', pri: 'err', time: 'Sat Nov 21 01:29:29 2026', msg: 'a' },
  ],
};

/** Sound inputs of each format of `normalize --format`. */
export const FORMAT_CORPUS: Readonly<Record<string, readonly Uint8Array[]>> = {
  'otlp-json': [
    ...Object.values(REQUESTS).map(json),
    text(`${JSON.stringify(REQUESTS.logs)}\n${JSON.stringify(REQUESTS.traces, null, 2)}\n`),
  ],
  'otlp-protobuf': Object.values(PROTOBUF),
  syslog: [...SYSLOG.map(text), text(SYSLOG.join('\n')), text(`${SYSLOG[0]?.length} ${SYSLOG[0]}`)],
  'journal-json': JOURNAL.map(json),
  'journal-export': [text(JOURNAL_EXPORT), text(JOURNAL_EXPORT.slice(0, -30))],
  text: [...LINES.map(text), text(LINES.join('\n'))],
  alertmanager: [json(ALERTS), json(ALERTS.alerts)],
  pcap: [
    capture('classic.pcap').subarray(0, 400),
    capture('two-interfaces.pcapng').subarray(0, 900),
  ],
  kmsg: [text(KMSG.join('\n')), ...KMSG.map(text), json(DMESG)],
  nagios: [text(NAGIOS.join('\n')), ...NAGIOS.map(text)],
};
