import { stripVTControlCharacters } from 'node:util';

/** Breaks a text at spaces; a word longer than a line stands alone, since a cut id is no id. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && widthOf(longer) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines;
}

/** Columns a text takes on a terminal; colors take none. */
export function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** `label  text`, the text broken below itself. */
export function labeled(label: string, text: string, columns: number): readonly string[] {
  const indent = LABEL_COLUMNS;
  return wrap(text, Math.max(columns - indent, 20)).map((line, index) => {
    const head = index === 0 ? label : '';
    return `${head}${' '.repeat(Math.max(indent - widthOf(head), 0))}${line}`.trimEnd();
  });
}

/** As wide as `checkpoints` and two spaces. */
const LABEL_COLUMNS = 13;
