import type { Command } from 'commander';
import { nearestWord } from '../../../base/nearest-word.ts';
import { EXPORT_FORMS } from './events-export.ts';

/**
 * Why a word that is no file of an export is refused, and what was meant by it: an option without
 * its dashes, or one that was taken for a command.
 */
export function misplacedWord(word: string, options: Command['options']): string {
  const only = `"${word}" is a file only with --format ${EXPORT_FORMS.join(' or --format ')}`;
  const names = options.flatMap(({ long }) => long?.replace(/^--/, '') ?? []);
  const option = nearestWord(word, names);
  const meant =
    option === undefined ? `look for it with --text "${word}"` : `did you mean --${option}?`;
  return `${only} (${meant})`;
}
