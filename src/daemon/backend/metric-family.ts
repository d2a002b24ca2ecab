/** Samples of one metric: labels with their braces, or '', and the value. */
export type Samples = readonly (readonly [labels: string, value: number])[];

/** A value that goes up and down, as Prometheus text. */
export function gauge(name: string, help: string, samples: Samples): readonly string[] {
  return family(name, 'gauge', help, samples);
}

/** A value that only grows; its name ends in `_total`. */
export function counter(name: string, help: string, samples: Samples): readonly string[] {
  return family(name, 'counter', help, samples);
}

/** Labels of a sample; the text format escapes quotes, backslashes and line ends as JSON does. */
export function labels(named: Readonly<Record<string, string>>): string {
  const written = Object.entries(named).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${written.join(',')}}`;
}

function family(name: string, type: string, help: string, samples: Samples): readonly string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([written, value]) => `${name}${written} ${value}`),
  ];
}
