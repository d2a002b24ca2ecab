import type { Json } from '../../../base/canonical-json.ts';
import { SEVERITY } from '../../../model/record/severity.ts';

/** An entry that tells of an event, by the name of the device-event vocabulary. */
export interface JournalEvent {
  readonly eventName: string;
  /** At least this, whatever priority the sender gave. */
  readonly severity: number;
}

/** Messages with an id of their own. Source: systemd's catalog (`journalctl --list-catalog`). */
const EVENTS: ReadonlyMap<string, JournalEvent> = new Map([
  ['fc2e22bc6ee647b6b90729ab34a250b1', { eventName: 'process.crashed', severity: SEVERITY.error }],
  // The unit has entered the state "failed": its main process ended, and not because it was told.
  ['d9b373ed55a64feb8242e02dbe79a49c', { eventName: 'process.crashed', severity: SEVERITY.error }],
  [
    'fe6faa94e7774663a0da52717891d8ef',
    { eventName: 'process.oom_killed', severity: SEVERITY.critical },
  ],
  ['5eb03494b6584870a536b337290809b3', { eventName: 'process.restarted', severity: SEVERITY.warn }],
  ['c7a787079b354eaaa9e77b371893cd27', { eventName: 'clock.stepped', severity: SEVERITY.warn }],
  ['8d45620c1a4348dbb17410da57c60c66', { eventName: 'session.opened', severity: SEVERITY.info }],
  ['3354939424b4456d9802ca8333ed424a', { eventName: 'session.closed', severity: SEVERITY.info }],
  // journald itself lost messages: some it could not take, some it was told not to.
  [
    'e9bf28e6e834481bb6f48f548ad13606',
    { eventName: 'telemetry.source.gap', severity: SEVERITY.warn },
  ],
  [
    'a596d6fe7bfa4994828e72309e95d61e',
    { eventName: 'telemetry.source.gap', severity: SEVERITY.warn },
  ],
]);

/** The event an entry tells by its `MESSAGE_ID`; of root's processes alone, as anybody may log. */
export function journalEvent(entry: Readonly<Record<string, Json>>): JournalEvent | undefined {
  const { MESSAGE_ID: id, _UID: user } = entry;
  return user === '0' && typeof id === 'string' ? EVENTS.get(id) : undefined;
}

/**
 * The unit an entry is about where another one wrote it: systemd about its units, systemd-coredump
 * about what crashed. Believed of those alone, as `journalctl --unit` does it.
 */
export function unitSpokenOf(entry: Readonly<Record<string, Json>>): Json | undefined {
  if (entry['_PID'] === '1') return entry['UNIT'];
  return entry['_UID'] === '0' ? entry['COREDUMP_UNIT'] : undefined;
}
