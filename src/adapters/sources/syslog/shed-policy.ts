const OPEN = 0x3c;
const CLOSE = 0x3e;
const ZERO = 0x30;

/** From this fill on only messages of weight are taken. */
const BUSY_FILL = 0.5;

/** notice: the least grave severity of syslog that is taken when the queue is half full. */
const NOTICE = 5;

/**
 * Whether a datagram is shed: all of them when the queue is full, the informational and debug ones
 * already when it is half full, so that what explains an incident still finds room in the flood
 * that comes with it. What was taken is never dropped for what comes later.
 */
export function isShed(datagram: Uint8Array, fill: number): boolean {
  if (fill < BUSY_FILL) return false;
  return fill >= 1 || severityOf(datagram) > NOTICE;
}

/** The severity that a message claims; notice where it claims none, as RFC 3164 has it. */
function severityOf(datagram: Uint8Array): number {
  if (datagram[0] !== OPEN) return NOTICE;
  let priority = 0;
  for (let at = 1; at <= 3; at += 1) {
    const byte = datagram[at] ?? 0;
    if (byte === CLOSE) break;
    if (byte < ZERO || byte > ZERO + 9) return NOTICE;
    priority = priority * 10 + byte - ZERO;
  }
  return priority % 8;
}
