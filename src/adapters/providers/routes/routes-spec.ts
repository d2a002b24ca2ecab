import { z } from 'zod';
import { layeredParts } from '../../../local-provider/layered/layered-spec.ts';

const names = z.array(z.string().min(1).max(100)).max(1_000);

/** The settings of the provider `routes`. */
export const routesSpec = z.strictObject({
  links: names
    .min(1)
    .describe(
      'The links whose addresses and routes are the state, by name; `*` stands for any ' +
        'characters. One that is named without it is restored with its MTU and to up or down. ' +
        'No other link is ever touched.',
    ),
  protocols: names
    .default(['boot', 'static'])
    .describe(
      'Who made the routes that are the state, as `ip route` names him. Routes of routing ' +
        'daemons, of DHCP and of the kernel belong to them and are left alone.',
    ),
  tables: names.default(['*']).describe('The routing tables, by name or number, or patterns.'),
  addresses: z.boolean().default(true).describe('Whether the addresses of the links belong to it.'),
  rules: z
    .boolean()
    .default(true)
    .describe('Whether the policy rules of the host belong to it: `ip rule`.'),
  ...layeredParts(
    ['/etc/network', '/etc/netplan', '/etc/systemd/network'],
    ' What they would make is not computed: each program has its own language.',
  ),
});

/** As parsed. */
export type RoutesSpec = z.output<typeof routesSpec>;
