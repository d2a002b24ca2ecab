import type { TimelineFilter } from '../../../../model/record/timeline-query.ts';
import { KIND_INDEX } from '../../../../model/record/record-batch.ts';
import type { ColumnName } from '../columns.ts';
import type { Place } from './protocol.ts';
import { TEXT_COLUMNS, type TextColumn } from './text-filter.ts';
import { spellingsOf } from './text-tokens.ts';

/** A condition in SQL: numbers are written into it, texts are parameters. */
export interface Where {
  readonly sql: string;
  readonly parameters: readonly string[];
  /** Columns it reads. */
  readonly columns: readonly ColumnName[];
}

/**
 * The condition of a filter over a table with this dictionary, or undefined when nothing in the
 * table can match because a text asked for is not in its dictionary. `textIn` names the
 * columns in which the text sought may be.
 */
export function whereOf(
  filter: TimelineFilter,
  dictionary: readonly string[],
  textIn: readonly TextColumn[] = TEXT_COLUMNS,
): Where | undefined {
  const terms: string[] = [];
  const columns: ColumnName[] = [];
  const add = (column: ColumnName, term: string): void => {
    columns.push(column);
    terms.push(term);
  };
  if (filter.from !== undefined) add('moment', `moment >= ${filter.from}`);
  if (filter.to !== undefined) add('moment', `moment < ${filter.to}`);
  for (const [column, texts] of [
    ['component', filter.components],
    ['host', filter.hosts],
    ['service', filter.services],
    ['source', filter.sources],
    ['event_name', filter.eventNames],
  ] as const) {
    if (texts === undefined) continue;
    const indexes = texts.map((text) => dictionary.indexOf(text)).filter((index) => index > 0);
    if (indexes.length === 0) return undefined;
    add(column, `${column} IN (${indexes.join(', ')})`);
  }
  if (filter.kinds !== undefined) {
    if (filter.kinds.length === 0) return undefined;
    add('kind', `kind IN (${filter.kinds.map((kind) => KIND_INDEX[kind]).join(', ')})`);
  }
  if (filter.minSeverity !== undefined) add('severity', `severity >= ${filter.minSeverity}`);
  if (filter.traceId !== undefined) {
    const [high, low] = traceHalves(filter.traceId);
    add('trace_low', `trace_low = ${low}`);
    add('trace_high', `trace_high = ${high}`);
  }
  const text = textTerm(filter.text, textIn);
  if (text !== undefined) {
    columns.push(...text.columns);
    terms.push(text.sql);
  }
  const sql = terms.length === 0 ? 'true' : terms.join(' AND ');
  return { sql, parameters: text?.parameters ?? [], columns };
}

/** The halves of a trace id of 32 hexadecimal digits. */
export function traceHalves(traceId: string): readonly [bigint, bigint] {
  return [BigInt(`0x${traceId.slice(0, 16)}`), BigInt(`0x${traceId.slice(16)}`)];
}

/**
 * Every spelling of a text is sought. Parts without letters are sought first, as they are: that is
 * twice as fast as lowering every text, and most searches have a number in them.
 */
function textTerm(text: string | undefined, columns: readonly TextColumn[]): Where | undefined {
  if (text === undefined || text === '') return undefined;
  const parameters: string[] = [];
  const terms: string[] = [];
  for (const spelling of spellingsOf(text)) {
    parameters.push(spelling);
    const lowered = `lower($${parameters.length})`;
    const caseless = longestCaseless(spelling);
    if (caseless !== '') parameters.push(caseless);
    const first = caseless === '' ? '' : `$${parameters.length}`;
    for (const column of columns) {
      const term = `contains(lower(${column}), ${lowered})`;
      terms.push(first === '' ? term : `(contains(${column}, ${first}) AND ${term})`);
    }
  }
  return { sql: `(${terms.join(' OR ')})`, parameters, columns };
}

/** The longest part of a text that no change of case can alter; '' when it is too short to help. */
function longestCaseless(text: string): string {
  const parts = text.split(/[^\x20-\x40\x5b-\x60\x7b-\x7e]+/);
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), '');
  return longest.length >= CASELESS_CHARS_MIN ? longest : '';
}

/** Shorter parts stand in nearly every text. */
const CASELESS_CHARS_MIN = 3;

/** The condition that a row lies behind a place in an order, and the order itself. */
export function orderOf(
  order: 'newest' | 'oldest' | 'arrival',
  after: Place | undefined,
): { readonly where: string; readonly orderBy: string } {
  const beyond = (sign: '<' | '>'): string =>
    after === undefined
      ? 'true'
      : `moment ${sign}= ${after.moment} AND ` +
        `(moment ${sign} ${after.moment} OR seq ${sign} ${after.seq})`;
  switch (order) {
    case 'newest':
      return { where: beyond('<'), orderBy: 'moment DESC, seq DESC' };
    case 'oldest':
      return { where: beyond('>'), orderBy: 'moment, seq' };
    case 'arrival':
      return { where: `seq > ${after?.seq ?? 0}`, orderBy: 'seq' };
  }
}
