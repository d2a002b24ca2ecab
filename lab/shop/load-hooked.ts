import { createRequire } from 'node:module';

/**
 * Loads a CommonJS package as `require` does: the hooks of OpenTelemetry see that one for certain,
 * while ES imports would need a loader of their own in every process.
 */
export function loadHooked<Module>(name: string): Module {
  return createRequire(import.meta.url)(name);
}
