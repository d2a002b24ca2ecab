/** Severities as people tell them apart; OpenTelemetry numbers 1 to 24 fall into these. */
export const FAMILIES = ['quiet', 'info', 'warn', 'error', 'fatal'] as const;

/** One of `FAMILIES`. */
export type Family = (typeof FAMILIES)[number];

/** The family of an OpenTelemetry severity number; 0 (unspecified) is quiet. */
export function familyOf(severity: number): Family {
  if (severity >= 21) return 'fatal';
  if (severity >= 17) return 'error';
  if (severity >= 13) return 'warn';
  return severity >= 9 ? 'info' : 'quiet';
}

/** The short name of a severity number as OpenTelemetry prints it: `INFO`, `ERROR2`. */
export function severityWords(severity: number): string {
  if (severity < 1 || severity > 24) return '–';
  const names = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  const step = ((severity - 1) % 4) + 1;
  return `${names[Math.floor((severity - 1) / 4)] ?? ''}${step === 1 ? '' : step}`;
}

/** The choices of "at least this severe". */
export const SEVERITY_CHOICES: readonly { readonly from: number; readonly label: string }[] = [
  { from: 0, label: 'Any severity' },
  { from: 9, label: 'Info and above' },
  { from: 13, label: 'Warnings and above' },
  { from: 17, label: 'Errors only' },
];
