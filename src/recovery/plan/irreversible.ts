import { counted } from '../../base/counted.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import type { PlanInput, PlanState } from './plan-input.ts';

/** What speaks against going back although every item could be written back (recovery.md 4.3). */
export interface Irreversible {
  /** One sentence each. */
  readonly risks: readonly string[];
  /** What needs the word of a second person, in words. */
  readonly grave: readonly string[];
}

/** As many as a person reads; the rest is counted. */
const NAMED_MAX = 10;

/** What other ways there are: said whenever something speaks against going back. */
const OTHER_WAYS =
  'Because of that, silence takes the run back. Other ways: roll forward with a change that ' +
  'mends it, or keep everybody from changing more meanwhile (lastgood hold on, or a freeze).';

/**
 * Finds what an old state brings along that the world has moved on from: certificates that expired,
 * secrets that were changed since. Any hit keeps silence from meaning yes; an expired certificate
 * needs a second word, unless a run is undone: that goes back to what was there a moment ago. Pure.
 */
export function findIrreversible(
  input: PlanInput,
  touched: readonly PlanState[],
  changes: readonly Change[],
): Irreversible {
  const certificates = touched.flatMap(({ state, certificates: found = [] }) =>
    found.map((one) => ({ ...one, state: state.id })),
  );
  const expired = certificates.filter(({ isExpired }) => isExpired);
  const risks = [
    ...certificates.map(
      ({ state, path, subject, expiresAt, isExpired }) =>
        `${state}: ${path} would bring back a certificate (${subject}) that ` +
        `${isExpired ? 'expired' : 'expires'} on ${expiresAt}.`,
    ),
    ...secretRisks(changes, touched),
  ];
  const isRestore = input.direction === 'restore';
  return {
    risks: risks.length === 0 ? [] : [...risks, OTHER_WAYS],
    grave:
      expired.length > 0 && isRestore
        ? [`it brings back ${counted(expired.length, 'expired certificate')}`]
        : [],
  };
}

/** Whoever changed a secret may have revoked the old one. */
function secretRisks(changes: readonly Change[], touched: readonly PlanState[]): readonly string[] {
  const open = new Map(touched.map(({ state, publicPaths }) => [state.id, publicPaths]));
  const secret = changes.filter(
    (change) => change.secret && open.get(change.state)?.includes(change.path) !== true,
  );
  const told = secret
    .slice(0, NAMED_MAX)
    .map(
      ({ state, path }) =>
        `${state}: the secret ${path} differs from now; the one of then may not be valid any more.`,
    );
  const more = secret.length - told.length;
  return more > 0 ? [...told, `${counted(more, 'more secret')} differ, too.`] : told;
}
