import type { Part } from '../stage/part.ts';
import { firewall } from './firewall.ts';
import { namespaces } from './namespaces.ts';
import { routers } from './routers.ts';
import { snmp } from './snmp.ts';

/** Every part of the lab, each after those it needs. */
export const registry: readonly Part[] = [namespaces, firewall, snmp, routers];
