import { at, listAt, textAt } from './json.ts';
import type { Stage } from './stage.ts';
import { claim, waitFor } from './wait-for.ts';

/** What `incident show --json` says, as far as the tour tells it. */
export type IncidentStory = {
  readonly id: string;
  readonly suspect: string;
  readonly verdict: string;
  readonly reason: string;
  readonly helps: string;
  readonly why: string;
  readonly checkpoint: string;
};

/** Windows are five seconds; a fault is seen within ten, and a busy machine gets more. */
const detectTimeoutMs = 25_000;
const diagnoseTimeoutMs = 15_000;
const closeTimeoutMs = 20_000;

/** The ids of all incidents there are, open or not. */
export async function incidentIds(stage: Stage): Promise<readonly string[]> {
  return (await incidents(stage)).map((incident) => textAt(incident, 'id'));
}

async function incidents(stage: Stage): Promise<readonly unknown[]> {
  const document = await stage.daemon.get('incidents');
  return Array.isArray(document) ? document : listAt(document, 'incidents');
}

/** Waits for an incident that is not among `known` to open by itself, and tells when it did. */
export async function newIncident(stage: Stage, known: readonly string[]): Promise<string> {
  const since = Date.now();
  stage.screen.now('waiting for lastgood to notice');
  const id = await waitFor('an incident opens by itself', detectTimeoutMs, async () => {
    const ids = await incidentIds(stage);
    return ids.find((found) => !known.includes(found));
  });
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  stage.screen.say('good', `incident ${id} opened by itself after ${seconds} s`);
  return id;
}

/**
 * Reads what lastgood says of an incident until it is sure whether a rollback would help, and tells
 * it. The first suspect must be among `culprits` at every look: naming somebody else first and
 * correcting it later would have sent a person the wrong way.
 */
export async function showIncident(
  stage: Stage,
  id: string,
  culprits: readonly string[],
): Promise<IncidentStory> {
  stage.screen.now('asking what is broken and why');
  const story = await waitFor(`incident ${id} names its cause`, diagnoseTimeoutMs, async () => {
    const shown = await stage.daemon.command(['incident', 'show', id]);
    const told = tellable(id, shown.lines[0]);
    const isWrong = told !== undefined && !culprits.includes(told.suspect);
    return isWrong || (told !== undefined && told.helps !== 'unknown') ? told : undefined;
  });
  const { suspect, verdict, reason, helps, why } = story;
  const isRight = culprits.includes(suspect);
  stage.screen.say(isRight ? 'good' : 'bad', `first suspect: ${suspect} (${verdict}): ${reason}`);
  stage.screen.say('info', `would a rollback help? ${helps}: ${why}`);
  claim(isRight, `the first suspect is ${suspect}, the cause is ${culprits.join(' or ')}`);
  return story;
}

function tellable(id: string, document: unknown): IncidentStory | undefined {
  const suspect = textAt(document, 'suspects', 0, 'component');
  if (suspect === '') return undefined;
  return {
    id,
    suspect,
    verdict: textAt(document, 'suspects', 0, 'verdict'),
    reason: textAt(document, 'suspects', 0, 'reasons', 0, 'text'),
    helps: textAt(document, 'rollback', 'helps'),
    why: textAt(document, 'rollback', 'why'),
    checkpoint: textAt(document, 'rollback', 'checkpoint'),
  };
}

/** Waits until nothing fires any more and closes the incident, unless it closed by itself. */
export async function closeIncident(stage: Stage, id: string, reason: string): Promise<void> {
  stage.screen.now('waiting until nothing fires any more');
  const isOver = await waitFor(`the triggers of ${id} are quiet`, closeTimeoutMs, async () => {
    const mine = (await incidents(stage)).find((incident) => textAt(incident, 'id') === id);
    if (textAt(mine, 'state') === 'closed') return 'closed';
    return Array.isArray(at(mine, 'firing')) && listAt(mine, 'firing').length === 0
      ? 'quiet'
      : undefined;
  });
  if (isOver === 'closed') {
    stage.screen.say('good', `incident ${id} closed by itself`);
    return;
  }
  const ended = await stage.daemon.command(['incident', 'close', id, '--reason', reason]);
  // It may close by itself in the moment between looking and asking.
  const isClosed = ended.exitCode === 0 || ended.errorText.includes('LG_INCIDENT_CLOSED');
  claim(isClosed, `incident close ended with ${ended.exitCode}: ${ended.errorText}`);
  stage.screen.say('good', `incident ${id} closed: ${reason}`);
}
