const ZERO = 0x30;

/** Where the parts of an RFC 5424 message lie in its text. */
export interface HeaderPlaces {
  priority: number;
  stampAt: number;
  stampEnd: number;
  /** Behind APP-NAME. */
  appEnd: number;
  /** Behind STRUCTURED-DATA. */
  dataEnd: number;
}

/** local7.debug. */
const PRIORITY_MAX = 191;

/** A header is short; further away the text is not searched for its end. */
const HEADER_CHARS_MAX = 1024;

/** `48`, the longest APP-NAME of RFC 5424. */
const APP_CHARS_MAX = 48;

/**
 * Finds the parts of `<PRI>1 STAMP HOST APP PROCID MSGID DATA TEXT` without looking at what is in
 * them. False for anything else, which may be a message all the same.
 */
export function findHeader(text: string, into: HeaderPlaces): boolean {
  let close = 1;
  let priority = 0;
  for (; close <= 3 && isDigit(text, close); close += 1) {
    priority = priority * 10 + text.charCodeAt(close) - ZERO;
  }
  if (close === 1 || priority > PRIORITY_MAX || text[0] !== '<') return false;
  if (!text.startsWith('>1 ', close)) return false;
  const stampAt = close + 3;
  const stampEnd = text.indexOf(' ', stampAt);
  const hostEnd = text.indexOf(' ', stampEnd + 1);
  const appEnd = text.indexOf(' ', hostEnd + 1);
  const processEnd = text.indexOf(' ', appEnd + 1);
  const idEnd = text.indexOf(' ', processEnd + 1);
  const isHeader = stampEnd > 0 && hostEnd > stampEnd && appEnd > hostEnd && processEnd > appEnd;
  if (!isHeader || idEnd < processEnd || idEnd > HEADER_CHARS_MAX) return false;
  if (appEnd - hostEnd - 1 > APP_CHARS_MAX || text[stampEnd + 1] === '-') return false;
  const dataEnd = endOfData(text, idEnd + 1);
  if (dataEnd === undefined) return false;
  into.priority = priority;
  into.stampAt = stampAt;
  into.stampEnd = stampEnd;
  into.appEnd = appEnd;
  into.dataEnd = dataEnd;
  return true;
}

/** Behind `-`, or behind the `]` that ends the elements; undefined where neither is there. */
function endOfData(text: string, at: number): number | undefined {
  let end = at + 1;
  if (text[at] === '[') {
    // A `]` within a value is written `\]`; what this misjudges, the careful parser judges.
    end = text.indexOf('] ', at) + 1;
    if (end === 0) {
      if (!text.endsWith(']')) return undefined;
      end = text.length;
    }
    if (text[end - 2] === '\\') return undefined;
  } else if (text[at] !== '-') {
    return undefined;
  }
  return end === text.length || text[end] === ' ' ? end : undefined;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= 0x39;
}
