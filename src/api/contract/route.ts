import { z } from 'zod';
import type { Brand } from '../../base/brand.ts';
import type { Json, JsonObject } from '../../base/canonical-json.ts';
import type { Permission } from '../../model/access/principal.ts';

/** Every path of the API stands below this one. */
export const API_ROOT = '/api/v1';

/**
 * One call of the API as data: the server serves it, the client calls it and OpenAPI prints it.
 * Members of `input` that are named in `path` as `{name}` travel there; the others are the query of
 * a GET or DELETE and the JSON body of everything else.
 */
export interface Route<
  Input extends z.ZodObject = z.ZodObject,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `API_ROOT`, such as `/plans/{id}/apply`. */
  readonly path: string;
  /** One sentence for the OpenAPI document. */
  readonly summary: string;
  /** The caller needs one of these; [] = anybody who reaches the listener. */
  readonly permissions: readonly Permission[];
  /** The name in the audit log, `plan.apply`; absent for calls that change nothing. */
  readonly action?: string;
  readonly input: Input;
  readonly answer: Answer;
}

/** Keeps the exact types of a route. */
export function route<Input extends z.ZodObject, Answer extends z.ZodType>(
  described: Route<Input, Answer>,
): Route<Input, Answer> {
  return described;
}

/**
 * A model type as a schema sees it: without brands, readonly and the inner form of free JSON. The
 * schemas below are written by hand for the OpenAPI document and for checking answers; comparing
 * through this type keeps them equal to the model, which stays the truth.
 */
export type Plain<Value> = unknown extends Value
  ? unknown
  : [Json] extends [Value]
    ? unknown
    : JsonObject extends Value
      ? Record<string, unknown>
      : Value extends Brand<string, string>
        ? string
        : Value extends readonly (infer Item)[]
          ? Plain<Item>[]
          : Value extends object
            ? { -readonly [Key in keyof Value]: Plain<Value[Key]> }
            : Value;

/** Asks for an argument nobody can give when a schema and its model type differ. */
type Difference<Model, Described> =
  Plain<Model> extends Plain<Described>
    ? Plain<Described> extends Plain<Model>
      ? []
      : ['the schema says more than the model']
    : ['the schema says less than the model'];

/** Proves while compiling that a schema describes exactly the model type. */
export function describes<Model>(): <Schema extends z.ZodType>(
  schema: Schema,
  ...difference: Difference<Model, z.output<Schema>>
) => z.ZodType<Model> {
  // The check above shows that both types have the same values; brands are the only difference.
  return (schema, ..._difference) => schema as unknown as z.ZodType<Model>;
}

/** A route without members. */
export const nothing = z.strictObject({});
