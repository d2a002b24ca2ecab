import type { Run, Session } from '../api/types.ts';

/**
 * Why whoever is signed in cannot give a run its second word; undefined when he can. The daemon
 * decides, and says so; this only keeps a button away that would be refused.
 */
export function whyNotApprove(session: Session, run: Run): string | undefined {
  if (session.id === run.requestedBy) {
    return 'You asked for it, so somebody else has to approve it.';
  }
  if (session.role !== 'approver' && session.role !== 'admin') {
    return `A second person has to approve it, and a ${session.role} cannot.`;
  }
  const { components } = session;
  const foreign = run.progress.find(({ component }) => components?.includes(component) === false);
  return foreign && `You may not approve what is done to ${foreign.component}.`;
}
