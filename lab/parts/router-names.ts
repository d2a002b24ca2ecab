/** The two routers, each a namespace with routing daemons and an SNMP agent. */
export const routerNames = ['r1', 'r2'] as const;

/** One of them. */
export type RouterName = (typeof routerNames)[number];

/** An address of each that stays reachable while one of the two links between them is down. */
export const routerAddress: Readonly<Record<RouterName, string>> = {
  r1: '10.0.1.2',
  r2: '10.10.0.1',
};

/** Where the SNMP agents answer. */
export const snmpPort = 16_161;
