/**
 * What the daemon's clock says, estimated from the `Date` header of its answers: a phone whose
 * clock is a minute off must not show a confirm deadline that is a minute off.
 */
let offsetMs = 0;

/** `Date` counts whole seconds and the answer travels; less than this is no difference. */
const NOISE_MS = 2_000;

/** Learns from the `Date` header of an answer that has just come. */
export function noteServerTime(header: string | null): void {
  const stamped = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(stamped)) return;
  const seen = stamped + 500 - Date.now();
  offsetMs = Math.abs(seen) < NOISE_MS ? 0 : seen;
}

/** Now by the daemon's clock, milliseconds since the epoch. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
