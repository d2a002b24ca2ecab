declare const brand: unique symbol;

/**
 * A value that must not be mixed with others of the same shape: a `TimeNs` is a bigint no other
 * bigint is assignable to. Costs nothing at run time.
 */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
