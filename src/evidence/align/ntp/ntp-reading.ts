/** What an NTP daemon says of the clock that it keeps. */
export type NtpReading =
  | {
      readonly kind: 'synchronized';
      /** What true time is ahead of the clock, milliseconds; it lies within the bound. */
      readonly offsetMs: number;
      readonly boundMs: number;
    }
  | { readonly kind: 'unsynchronized'; readonly why: string }
  /** It takes the host's own clock for true time, which says nothing. */
  | { readonly kind: 'own' };

/** What is asked, in this order, and who reads the answer; the first that answers is believed. */
export const NTP_COMMANDS: readonly {
  readonly words: readonly string[];
  readonly read: (answer: string) => NtpReading | undefined;
}[] = [
  { words: ['chronyc', '-c', '-n', 'tracking'], read: chronyReading },
  { words: ['ntpq', '-c', 'rv'], read: ntpqReading },
];

/** A host that says less of itself is not kept by NTP. */
const BOUND_MS_MAX = 60_000;

/** `local` of chrony, 127.127.1.1; so ntpd calls its own clock, too. */
const OWN_CLOCK = /^7F7F01/i;

/**
 * `chronyc -c tracking`: reference, address, stratum, …, offset (positive: the clock is slow),
 * …, root delay and dispersion (fields 11 and 12), interval, leap status.
 */
function chronyReading(answer: string): NtpReading | undefined {
  const fields = answer.trim().split(',');
  const [reference = '', , , , offset = ''] = fields;
  const leap = fields[13];
  if (fields.length !== 14 || leap === undefined || !/^[0-9A-F]{8}$/.test(reference)) {
    return undefined;
  }
  if (!/^(?:Normal|Insert second|Delete second)$/.test(leap)) {
    return { kind: 'unsynchronized', why: `chrony says: ${leap.slice(0, 40)}` };
  }
  if (OWN_CLOCK.test(reference)) return { kind: 'own' };
  return reading(seconds(offset), seconds(fields[10]), seconds(fields[11]));
}

/** `ntpq -c rv`: pairs, times in milliseconds. */
function ntpqReading(answer: string): NtpReading | undefined {
  const pairs = new Map<string, string>();
  for (const [, name = '', value = ''] of answer.matchAll(/\b([a-z]+)=("[^"]*"|[^\s,]+)/g)) {
    pairs.set(name, value);
  }
  const leap = pairs.get('leap');
  const stratum = Number(pairs.get('stratum') ?? Number.NaN);
  if (leap === undefined || Number.isNaN(stratum)) return undefined;
  if (leap === '11' || leap === '3' || stratum >= 16) {
    return { kind: 'unsynchronized', why: `ntpd says: leap ${leap}, stratum ${stratum}` };
  }
  const reference = pairs.get('refid') ?? '';
  if (/^LOCL|^127\.127\.1\./.test(reference)) return { kind: 'own' };
  const [offset, delay, dispersion] = ['offset', 'rootdelay', 'rootdisp'].map((name) =>
    decimal(pairs.get(name)),
  );
  return reading(offset, delay, dispersion);
}

/** The truth lies within half of the way to it and back, and what adds up on that way. */
function reading(
  offsetMs = Number.NaN,
  delayMs = Number.NaN,
  dispersionMs = Number.NaN,
): NtpReading | undefined {
  const boundMs = delayMs / 2 + dispersionMs;
  if (!Number.isFinite(offsetMs) || !(delayMs >= 0 && dispersionMs >= 0)) return undefined;
  if (boundMs > BOUND_MS_MAX) {
    return { kind: 'unsynchronized', why: `it may be wrong by ${Math.round(boundMs)} ms` };
  }
  return { kind: 'synchronized', offsetMs, boundMs };
}

function seconds(text: string | undefined): number {
  return decimal(text) * 1_000;
}

function decimal(text: string | undefined): number {
  return text !== undefined && /^[+-]?\d{1,12}(?:\.\d{1,12})?$/.test(text) ? Number(text) : NaN;
}
