import type { Part } from '../stage/part.ts';
import { namespaces } from './namespaces.ts';

/** Every part of the lab, each after those it needs. */
export const registry: readonly Part[] = [namespaces];
