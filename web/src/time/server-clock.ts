import { createContext, useContext } from 'react';

/**
 * What the daemon's clock says, estimated from the `Date` header of its answers: a phone whose
 * clock is a minute off must not show a confirm deadline that is a minute off.
 */
export interface ServerClock {
  /** Now by the daemon's clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Learns from the `Date` header of an answer that has just come. */
  readonly note: (header: string | null) => void;
}

/** `Date` counts whole seconds and the answer travels; less than this is no difference. */
const NOISE_MS = 2_000;

/** A clock that tells this machine's time until an answer says otherwise. */
export function createServerClock(): ServerClock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    note: (header) => {
      const stamped = header === null ? Number.NaN : Date.parse(header);
      if (Number.isNaN(stamped)) return;
      const seen = stamped + 500 - Date.now();
      offsetMs = Math.abs(seen) < NOISE_MS ? 0 : seen;
    },
  };
}

/** The clock of the daemon these pages talk to; `main.tsx` provides it. */
export const ServerClockContext = createContext<ServerClock | undefined>(undefined);

/** The clock of the daemon these pages talk to. */
export function useServerClock(): ServerClock {
  const clock = useContext(ServerClockContext);
  if (clock === undefined) throw new Error('broken invariant: no server clock around this part');
  return clock;
}
