import { BEFORE } from './before-changing.ts';
import { PREPARING } from './preparing.ts';
import { WHILE } from './while-changing.ts';
import { CONTAINING } from './containing.ts';
import { JUDGING } from './judging.ts';
import { DECIDING } from './deciding.ts';
import { AFTER } from './after.ts';
import type { Property } from './property.ts';

/** The promises of a rollback, in the order of `docs/recovery.md`. */
export const PROPERTIES: readonly Property[] = [
  ...BEFORE,
  ...PREPARING,
  ...WHILE,
  ...CONTAINING,
  ...JUDGING,
  ...DECIDING,
  ...AFTER,
];
