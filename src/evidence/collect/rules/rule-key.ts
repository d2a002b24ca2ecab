import { KIND_INDEX, type RecordBatch } from '../../../model/record/record-batch.ts';

/** Longer records are never taken for repeats: their texts would fill memory. */
const KEY_CHARS_MAX = 2048;

/** Whose records are counted together: those of one component of one host. */
export function speakerKey(batch: RecordBatch, row: number): string {
  const word = (column: Uint32Array): string => batch.dictionary[column[row] ?? 0] ?? '';
  return `${word(batch.component)}\n${word(batch.host)}\n${word(batch.service)}`;
}

/**
 * What two records have in common that are repeats of each other: everything but their times, their
 * trace, their position and their `log.record.uid`. Undefined for what is never a repeat: spans and
 * metrics, whose numbers are the point, and giants.
 */
export function repeatKey(batch: RecordBatch, row: number): string | undefined {
  const kind = batch.kind[row];
  if (kind !== KIND_INDEX.log && kind !== KIND_INDEX.event) return undefined;
  const word = (column: Uint32Array): string => batch.dictionary[column[row] ?? 0] ?? '';
  const body = batch.body[row] ?? '';
  const attributes = withoutUid(batch.attributes[row] ?? '', batch.uid[row] ?? '');
  const resource = word(batch.resource);
  if (body.length + attributes.length + resource.length > KEY_CHARS_MAX) return undefined;
  const head = `${kind} ${batch.severity[row]} ${batch.bodyIsJson[row]}`;
  const who = `${speakerKey(batch, row)}\n${resource}`;
  return `${head}\n${who}\n${word(batch.eventName)}\n${attributes}\n${body}`;
}

function withoutUid(attributes: string, uid: string): string {
  return uid === ''
    ? attributes
    : attributes.replace(`"log.record.uid":${JSON.stringify(uid)}`, '');
}
