import { ADAPTER_SCHEMAS } from '../../adapters/registry.ts';
import { configJsonSchema } from '../../config/json-schema.ts';

/** The JSON Schema of `lastgood.yaml` with the adapters of this product. */
export function publishedSchema(): unknown {
  return configJsonSchema(ADAPTER_SCHEMAS);
}
