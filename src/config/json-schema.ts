import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The configuration as JSON Schema (draft 2020-12), as it is written by a person. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
}
