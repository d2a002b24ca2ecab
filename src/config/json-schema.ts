import { z } from 'zod';
import type { StandardSchema } from '../ports/standard-schema.ts';
import type { AdapterSchemas } from './adapter-problems.ts';
import { configSchema } from './schema.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The configuration as JSON Schema (draft 2020-12), as it is written by a person, with the settings
 * of every adapter where they stand. What one value alone can tell is in it; that a name refers to
 * something, or is used once, only `config check` says.
 */
export function configJsonSchema(adapters: AdapterSchemas): unknown {
  const written = schemaOf(configSchema);
  const properties = membersOf(written, 'properties');
  const sources = membersOf(properties, 'sources');
  const components = membersOf(properties, 'components');
  const component = membersOf(components, 'items');
  const inComponent = membersOf(component, 'properties');
  const state = membersOf(inComponent, 'state');
  const stateOf = itemsByKind(membersOf(state, 'items'), 'provider', adapters.providers);
  const items = {
    ...component,
    properties: { ...inComponent, state: { ...state, items: stateOf } },
  };
  return {
    ...written,
    properties: {
      ...properties,
      sources: {
        ...sources,
        items: itemsByKind(membersOf(sources, 'items'), 'kind', adapters.sources),
      },
      components: { ...components, items },
    },
  };
}

/** One alternative for each adapter: the common members, its kind, and its own settings. */
function itemsByKind(
  common: Json,
  member: string,
  adapters: ReadonlyMap<string, StandardSchema<unknown>>,
): Json {
  const anyOf = [...adapters].flatMap(([kind, adapter]) =>
    alternatives(adapter).map((own) => ({
      ...own,
      type: 'object',
      properties: {
        ...membersOf(common, 'properties'),
        [member]: { const: kind },
        ...membersOf(own, 'properties'),
      },
      required: [...listOf(common, 'required'), ...listOf(own, 'required')],
    })),
  );
  return { anyOf };
}

/** The settings of an adapter: one object, or one of several. */
function alternatives(adapter: StandardSchema<unknown>): readonly Json[] {
  // An adapter of somebody else may bring another validator: then its settings are not told.
  if (!(adapter instanceof z.ZodType)) return [{}];
  const { $schema: _schema, ...own } = schemaOf(adapter);
  const several = [...listOf(own, 'anyOf'), ...listOf(own, 'oneOf')];
  return several.length === 0 ? [own] : several.map((one) => membersOf({ one }, 'one'));
}

function schemaOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

/** A member that is an object; empty where there is none. */
function membersOf(json: Json, name: string): Json {
  const found = json[name];
  return typeof found === 'object' && found !== null
    ? Object.fromEntries(Object.entries(found))
    : {};
}

function listOf(json: Json, name: string): readonly unknown[] {
  const found = json[name];
  return Array.isArray(found) ? found : [];
}
