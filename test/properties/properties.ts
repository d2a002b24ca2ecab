import { BEFORE } from './before-changing.ts';
import { WHILE } from './while-changing.ts';
import { DECIDING } from './deciding.ts';
import { AFTER } from './after.ts';
import type { Property } from './property.ts';

/** The promises of a rollback, in the order of `docs/recovery.md`. */
export const PROPERTIES: readonly Property[] = [...BEFORE, ...WHILE, ...DECIDING, ...AFTER];
