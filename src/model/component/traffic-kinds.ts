import type { ComponentKind } from './component.ts';

/** Things through which others reach each other: they pass on what is said, and say little. */
export const TRAFFIC_KINDS: ReadonlySet<ComponentKind> = new Set(['network-device', 'firewall']);
