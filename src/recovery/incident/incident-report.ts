import { assertUnreachable } from '../../base/assert.ts';
import { incidentUpdate } from '../../model/incident/incident-update.ts';
import type { IncidentEntry } from '../../model/incident/incident.ts';
import { foldIncident } from './fold-incident.ts';

/** The whole story of an incident as Markdown, for the review afterwards. `now` is RFC 3339. */
export function incidentReport(id: string, entries: readonly IncidentEntry[], now: string): string {
  const { incident } = foldIncident(id, entries);
  const suspects = (incident.diagnosis?.suspects ?? []).flatMap((suspect) => [
    `${suspect.rank}. **${plain(suspect.component)}** ` +
      `${suspect.verdict}, ${suspect.score.toFixed(2)}`,
    ...(suspect.order === undefined ? [] : [`   - in time: ${plain(suspect.order.text)}`]),
    ...suspect.reasons.map(({ text }) => `   - ${plain(text)}`),
  ]);
  const advice = incident.diagnosis?.rollback;
  return [
    `# ${plain(incident.title)}`,
    '',
    `Incident ${id}, ${incident.state}.`,
    '',
    ...incidentUpdate(incident, now).map((line) => `- ${plain(line)}`),
    '',
    '## Suspects',
    '',
    ...(suspects.length === 0 ? ['None.'] : suspects),
    '',
    '## Would a rollback help?',
    '',
    advice === undefined ? 'Not judged.' : `${advice.helps}: ${plain(advice.why)}`,
    '',
    '## What happened',
    '',
    ...entries.map((entry) => `- ${entry.at} ${plain(sentenceOf(entry))}`),
    '',
  ].join('\n');
}

function sentenceOf(entry: IncidentEntry): string {
  switch (entry.kind) {
    case 'opened':
      return `opened by trigger ${entry.signal.trigger}: ${entry.signal.reason}${duringOf(entry)}`;
    case 'signal': {
      const { trigger, phase, reason } = entry.signal;
      return `trigger ${trigger} ${phase}: ${reason}${duringOf(entry)}`;
    }
    case 'diagnosed': {
      const [first] = entry.diagnosis.suspects;
      if (first === undefined) return 'diagnosed: no suspect';
      const { helps } = entry.diagnosis.rollback;
      return `diagnosed: ${first.component} ${first.verdict}; would a rollback help: ${helps}`;
    }
    case 'acknowledged':
      return `acknowledged by ${entry.actor}`;
    case 'run-started':
      return `rollback ${entry.run} began`;
    case 'run-ended':
      return `rollback ${entry.run} ended ${entry.state}, ${entry.healed ? '' : 'not '}healed`;
    case 'automatic-refused':
      return `no rollback begins by itself: ${entry.reasons.join('; ')}`;
    case 'automatic-announced':
      return (
        `announced: ${entry.components.join(', ')} goes back to ${entry.target} by itself ` +
        `at ${entry.due}`
      );
    case 'automatic-called-off':
      return `the rollback by itself was called off: ${entry.why}`;
    case 'automatic-begun':
      return 'nobody said no: the rollback by itself begins';
    case 'closed':
      return `closed by ${entry.actor}: ${entry.reason}`;
    default:
      return assertUnreachable(entry);
  }
}

function duringOf({ duringRun }: Extract<IncidentEntry, { kind: 'opened' | 'signal' }>): string {
  return duringRun === undefined ? '' : `; ${duringRun.text}`;
}

/** Texts of records come from outside: none of their characters may mean anything to Markdown. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|~]/g, '\\$&');
}
