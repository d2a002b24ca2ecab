import { z } from 'zod';
import { layeredParts } from '../../../local-provider/layered/layered-spec.ts';
import { absolutePath } from '../../../local-provider/spec-parts.ts';

/** The settings of the provider `frr`. */
export const frrSpec = z.strictObject({
  ...layeredParts(['/etc/frr']),
  pathspace: z
    .string()
    .regex(/^[\w-][\w.-]{0,63}$/, 'write the name that its daemons were started with after -N')
    .optional()
    .describe('The name of one of several FRRs of a host, as the option -N of its daemons.'),
  binaries: absolutePath.default('/usr/bin').describe('The folder in which `vtysh` lies.'),
  reloadProgram: absolutePath
    .default('/usr/lib/frr/frr-reload.py')
    .describe('The program that changes a running FRR line by line; package frr-pythontools.'),
});

/** As parsed. */
export type FrrSpec = z.output<typeof frrSpec>;
