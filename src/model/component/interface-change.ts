import { SEVERITY } from '../record/severity.ts';

/** The state of a network interface, in the words of the kernel (RFC 2863 and IF_OPER_*). */
export interface InterfaceState {
  readonly name: string;
  /** The number the kernel gave it. */
  readonly index: number;
  /** up, down, unknown, dormant, lowerlayerdown, notpresent, testing. */
  readonly oper: string;
  /** Whether somebody switched it on. */
  readonly admin: 'up' | 'down';
}

/** An event `network.interface.state_changed`, however it was noticed. */
export interface InterfaceChange {
  readonly severity: number;
  readonly summary: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Absent interfaces are said to be in this state, before they are made and after they are gone. */
const ABSENT = 'notpresent';

/**
 * What changed between two states of one interface; undefined when nothing did that matters here.
 * One of both must be given: no state before means it was made, none now that it was removed.
 */
export function interfaceChange(
  before: InterfaceState | undefined,
  now: InterfaceState | undefined,
): InterfaceChange | undefined {
  const known = now ?? before;
  if (known === undefined) return undefined;
  const isSame =
    before?.oper === now?.oper && before?.admin === now?.admin && before?.name === now?.name;
  if (isSame) return undefined;
  return {
    severity: severityOf(before, now),
    summary: `interface ${known.name} ${wordsOf(before, now)}`,
    attributes: {
      'network.interface.name': known.name,
      'network.interface.index': known.index,
      'network.interface.oper_state': now?.oper ?? ABSENT,
      'network.interface.admin_state': now?.admin ?? 'down',
      'network.interface.previous_oper_state': before?.oper ?? ABSENT,
      'change.action': before === undefined ? 'created' : now === undefined ? 'deleted' : 'updated',
    },
  };
}

/** Drivers of loopback, tunnels and taps never tell; switched on they carry traffic. */
function works(state: InterfaceState | undefined): boolean {
  if (state === undefined || state.admin === 'down') return false;
  return state.oper === 'up' || state.oper === 'unknown';
}

function severityOf(before: InterfaceState | undefined, now: InterfaceState | undefined): number {
  if (works(now)) return SEVERITY.info;
  if (now !== undefined && now.admin === 'down') return SEVERITY.notice;
  // What never worked has not failed.
  return works(before) ? SEVERITY.error : SEVERITY.info;
}

function wordsOf(before: InterfaceState | undefined, now: InterfaceState | undefined): string {
  if (now === undefined) return 'was removed';
  const state = now.admin === 'down' ? 'down, switched off' : now.oper;
  if (before === undefined) return `was made and is ${state}`;
  if (before.name !== now.name) return `was called ${before.name} before and is ${state}`;
  return `went from ${before.admin === 'down' ? 'switched off' : before.oper} to ${state}`;
}
