import type { ComponentKind } from './component.ts';

/** Things that pass on what others say, and say little themselves. */
export const PASSIVE_KINDS: ReadonlySet<ComponentKind> = new Set(['network-device', 'firewall']);
