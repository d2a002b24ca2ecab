import { z } from 'zod';
import { name } from './values.ts';

/** More would be all of an inventory, and every plan names its groups. */
const GROUPS_MAX = 256;
const GROUP_MEMBERS_MAX = 256;

const group = z.strictObject({
  name: name.describe('How plans and refusals call it; used once.'),
  members: z
    .array(z.string().min(1))
    .min(2)
    .max(GROUP_MEMBERS_MAX)
    .describe('Names of components, or of single states as `component/provider`.'),
});

/** `checkpoints.groups`. */
export const groups = z
  .array(group)
  .max(GROUPS_MAX)
  .default([])
  .describe(
    'What belongs together: it is captured in one pass, and restored together or not at all.',
  );
