import { nearestWord } from '../../../base/nearest-word.ts';
import { EXPORT_FORMS } from './events-export.ts';

/** What somebody may have written without its dashes, or taken for a command. */
const OPTIONS = [
  'since',
  'from',
  'to',
  'component',
  'severity',
  'event',
  'trace',
  'text',
  'follow',
];

/** Why a word that is no file of an export is refused, and what was meant by it. */
export function misplacedWord(word: string): string {
  const only = `"${word}" is a file only with --format ${EXPORT_FORMS.join(' or --format ')}`;
  const option = nearestWord(word, OPTIONS);
  const meant =
    option === undefined ? `look for it with --text "${word}"` : `did you mean --${option}?`;
  return `${only} (${meant})`;
}
