import type { RunOptions } from '../stage/stage.ts';

/** The namespace in which the shop's servers run. */
export const inDc = { namespace: 'dc' } satisfies RunOptions;

/** Where the data center is reached from outside. */
export const dcAddress = '10.10.0.10';

/** The address of the shop as its customers know it: nginx. */
export const shopUrl = `https://${dcAddress}`;

/** Where nginx passes them on to: HAProxy. */
export const balancerUrl = `http://${dcAddress}:8080`;

/** Where the services listen, on the loopback of the data center. */
export const servicePorts = {
  checkout: 23_001,
  payment: 23_002,
  inventory: 23_003,
  catalog: 23_004,
} as const;
