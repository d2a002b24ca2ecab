/** OpenTelemetry severity numbers used by name, see the OTel logs data model, appendix B. */
export const SEVERITY = {
  unspecified: 0,
  trace: 1,
  debug: 5,
  info: 9,
  notice: 10,
  warn: 13,
  error: 17,
  critical: 18,
  alert: 19,
  fatal: 21,
} as const;

/** syslog severities 0 (emergency) to 7 (debug) as OTel severity numbers (OTel appendix B). */
export const SEVERITY_OF_SYSLOG: readonly number[] = [21, 19, 18, 17, 13, 10, 9, 5];

/** The short name of a severity number, as OTel prints it: `INFO`, `WARN`, `ERROR2`. */
export function severityName(severity: number): string {
  if (severity < 1 || severity > 24) return '';
  const family = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'][
    Math.floor((severity - 1) / 4)
  ];
  const step = (severity - 1) % 4;
  return step === 0 ? (family ?? '') : `${family}${step + 1}`;
}
