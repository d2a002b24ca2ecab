/** Pages by the first part of their address, of all and of one. */
const PAGES: Readonly<Record<string, readonly [all: string, one: string]>> = {
  timeline: ['Timeline', 'Timeline'],
  incidents: ['Incidents', 'Incident'],
  checkpoints: ['Checkpoints', 'Checkpoint'],
  plans: ['Rollbacks', 'Plan'],
  runs: ['Rollbacks', 'Rollback'],
  sources: ['Sources', 'Sources'],
};

/** What a page is called in a tab: several tabs are told apart by it. */
export function pageTitle([noun = 'timeline', id]: readonly string[]): string {
  const [all, one] = PAGES[noun] ?? ['No page', 'No page'];
  return id === undefined ? all : `${one} ${id}`;
}
