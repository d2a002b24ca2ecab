import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { StreamEvent } from '../../../src/api/contract.ts';
import type { CallName } from './calls.ts';

/** `live`: told by the event stream; `polling`: asking by the clock until it is back. */
export type Liveness = 'live' | 'polling';

/** What to read again when an event of a kind arrives. */
const STALE: Readonly<Record<StreamEvent['kind'], readonly CallName[]>> = {
  incident: ['status', 'incidentList', 'incidentShow', 'checkpointList'],
  checkpoint: ['status', 'checkpointList', 'checkpointShow', 'checkpointExplain'],
  run: ['status', 'runList', 'runShow', 'incidentShow', 'planShow'],
  signal: ['status', 'triggerList', 'incidentShow', 'incidentList'],
  hold: ['status'],
  status: ['status', 'sourceList'],
  timeline: [],
  gap: [],
};

/** A burst of events is answered by one round of reading. */
const GATHER_MS = 150;

/** The daemon ends streams when a run waits for its confirm; they are back before anybody looks. */
const GRACE_MS = 3_000;

/** A stream that broke for good (a proxy, a signed-out session) is tried again this often. */
const RETRY_MS = 5_000;

/**
 * Follows the daemon's event stream and reads again what an event says has changed. Events carry
 * no content, so a lost one only delays: every page also asks by the clock.
 */
export function useLive(): Liveness {
  const client = useQueryClient();
  const [liveness, setLiveness] = useState<Liveness>('polling');
  useEffect(() => follow(client, setLiveness), [client]);
  return liveness;
}

function follow(client: QueryClient, tell: (liveness: Liveness) => void): () => void {
  let source: EventSource | undefined;
  let retry = 0;
  let gather = 0;
  let grace = 0;
  let wasOpen = false;
  const stale = new Set<string>();
  const flush = (): void => {
    gather = 0;
    const names = new Set(stale);
    stale.clear();
    void client.invalidateQueries({
      predicate: ({ queryKey }) => names.has('everything') || names.has(String(queryKey[0])),
    });
  };
  const note = (names: readonly string[]): void => {
    for (const name of names) stale.add(name);
    if (gather === 0 && stale.size > 0) gather = window.setTimeout(flush, GATHER_MS);
  };
  const open = (): void => {
    source = new EventSource(new URL('api/v1/stream', document.baseURI));
    source.addEventListener('open', () => {
      window.clearTimeout(grace);
      grace = 0;
      tell('live');
      // What was missed while it was broken is read again; at first nothing was missed.
      if (wasOpen) note(['everything']);
      wasOpen = true;
    });
    source.addEventListener('error', () => {
      if (grace === 0) grace = window.setTimeout(() => tell('polling'), GRACE_MS);
      if (source?.readyState === EventSource.CLOSED) retry = window.setTimeout(open, RETRY_MS);
    });
    for (const [kind, names] of Object.entries(STALE)) {
      source.addEventListener(kind, () => note(kind === 'gap' ? ['everything'] : names));
    }
  };
  open();
  return () => {
    source?.close();
    window.clearTimeout(retry);
    window.clearTimeout(gather);
    window.clearTimeout(grace);
  };
}
