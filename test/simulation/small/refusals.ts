import type { Act } from '../../../src/recovery/rollback/step/act.ts';
import type { Outcome } from './acts.ts';
import type { SmallSetup } from './setup.ts';
import type { SmallWorld } from './small-world.ts';

/** Whether an act changes something outside: a crash may fall before and after it. */
export function isMutating(act: Act): boolean {
  switch (act.kind) {
    case 'pause-writers':
    case 'resume-writers':
    case 'take-before':
    case 'arm':
    case 'disarm':
    case 'confirm-device':
    case 'apply':
    case 'extend':
      return true;
    default:
      return false;
  }
}

/** What a decision may overtake, and is then done late. */
export function mayBeOvertaken(act: Act): boolean {
  return act.kind === 'extend';
}

/** Acts that may fail; what is asked of checks and probes answers with a color of its own. */
const REFUSABLE = new Set<Act['kind']>([
  'fence',
  'pause-writers',
  'resume-writers',
  'preflight',
  'take-before',
  'arm',
  'disarm',
  'confirm-device',
  'extend',
  'observe',
  'apply',
  'plan-undo',
]);

/** Once in a life an act fails: not begun, nobody there, or done by a host that fell silent. */
export function refusalsOf(
  act: Act,
  world: SmallWorld,
  { withRefusals }: SmallSetup,
  ways: readonly Outcome[],
): readonly Outcome[] {
  if (!withRefusals || world.refused || !REFUSABLE.has(act.kind)) return [];
  const refused = { ...world, refused: true };
  const failed = { kind: 'failed', why: 'refused' } as const;
  const away = { ...failed, code: 'LG_RUNTIME_HOST_DOWN' } as const;
  const found: Outcome[] = [
    { label: `${act.kind} fails`, world: refused, result: failed },
    { label: `${act.kind} finds nobody there`, world: refused, result: away },
  ];
  const [done] = ways;
  if (done === undefined || !isMutating(act)) return found;
  const silent = { ...done.world, refused: true };
  const late = { ...failed, code: 'LG_RUNTIME_DEADLINE' } as const;
  return [
    ...found,
    { label: `${act.kind} is done and never answers`, world: silent, result: late },
    { label: `${act.kind} is done, its host then away`, world: silent, result: away },
  ];
}
