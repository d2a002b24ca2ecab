import type { DiagnosisInput, SeenChange } from './diagnosis-input.ts';
import { isCompared } from './diagnosis-input.ts';
import { toldChange } from './told-change.ts';
import { clock } from './wording.ts';

/** Events by which a component itself says that it was configured otherwise. */
const CONFIGURED = /^config\.(?:changed|rolled_back|reloaded)$/;

/**
 * The changes that components without a checkpoint speak of: a router tells who configured it, and
 * of what nothing compares, its own word is all there is. The time is its own.
 */
export function spokenChanges(input: DiagnosisInput): readonly SeenChange[] {
  const known = new Set(input.changes.map(({ change }) => change.component));
  return input.evidence.events
    .filter(({ eventName, component }) => {
      return CONFIGURED.test(eventName) && !known.has(component) && !isCompared(input, component);
    })
    .map(({ component, eventName: name, at, text }) => {
      const words = `${name} at ${clock(at)} (${text})`;
      return toldChange({ component, provider: 'files', name, at, words });
    });
}
