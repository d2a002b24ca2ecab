import type { Incident, Session } from '../api/types.ts';
import type { Tone } from '../part/tone.ts';

/** What becomes of a rollback by itself, as one block tells it. */
export interface ByItselfLook {
  readonly tone: Tone;
  readonly title: string;
  /** Sentences; ids and times in them are as the daemon writes them. */
  readonly lines: readonly string[];
}

/**
 * What is said of a rollback that begins by itself, in the words of `incident show`; undefined
 * where nobody asked whether one may.
 */
export function byItselfLook(
  { automatic, state }: Pick<Incident, 'automatic' | 'state'>,
  session: Pick<Session, 'id' | 'role'> | undefined,
): ByItselfLook | undefined {
  if (automatic === undefined) return undefined;
  const { announced, calledOff, begunAt, reasons } = automatic;
  if (announced === undefined) {
    if (reasons.length === 0) return undefined;
    return { tone: 'quiet', title: 'No rollback begins by itself', lines: reasons };
  }
  const { components, target, plan, due, at } = announced;
  const what = `${components.join(', ')} goes back to ${target} by ${plan}`;
  if (calledOff !== undefined) {
    return {
      tone: 'quiet',
      title: 'A rollback by itself was called off',
      lines: [`Called off at ${calledOff.at}: ${calledOff.why}.`],
    };
  }
  if (begunAt !== undefined) {
    const isOpen = state === 'open' || state === 'acknowledged';
    const again = 'A second one never begins by itself for an incident: a person decides.';
    return {
      tone: 'busy',
      title: 'A rollback began by itself',
      lines: [`It began at ${begunAt}: ${what}.`, ...(isOpen ? [again] : [])],
    };
  }
  return {
    tone: 'warn',
    title: `${components.join(', ')} will go back by itself`,
    lines: [
      `At ${due}, ${what}, unless somebody says no. It was announced at ${at}.`,
      ...no(session),
    ],
  };
}

/** How whoever is signed in says no; a viewer is told who could, and how it is done on the host. */
function no(session: Pick<Session, 'id' | 'role'> | undefined): readonly string[] {
  if (session === undefined) return [ON_HOST];
  const mayAcknowledge = session.role !== 'viewer' && session.role !== 'ingest';
  return [
    mayAcknowledge
      ? `${session.id} may say no by acknowledging the incident.`
      : `Whoever may acknowledge the incident says no by it; a ${session.role} may not.`,
    ON_HOST,
  ];
}

const ON_HOST = 'On its host: lastgood rollback automatic off --reason WHY.';
