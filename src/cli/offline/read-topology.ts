import { readFileSync } from 'node:fs';
import { messageOf } from '../../base/error.ts';
import { parseJson } from '../../base/parse-json.ts';
import type { CaseEdge } from '../../evidence/diagnose/windows/window-case.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** Reads who needs whom; LG_RUNTIME_USAGE for what has another shape. */
export function readTopology(file: string): readonly CaseEdge[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw lgError('LG_INGEST_FILE_UNREADABLE', `${file}: ${messageOf(cause)}`, cause);
  }
  const read = parseJson(text);
  const edges = typeof read === 'object' && read !== null && 'edges' in read ? read['edges'] : null;
  if (!Array.isArray(edges)) throw topologyError(file, 'it has no list "edges"');
  return edges.map((edge, at) => {
    if (typeof edge === 'object' && edge !== null && 'from' in edge && 'to' in edge) {
      const { from, to } = edge;
      if (typeof from === 'string' && typeof to === 'string') return { from, to };
    }
    throw topologyError(file, `edges[${at}] has no texts "from" and "to"`);
  });
}

function topologyError(file: string, why: string): Error {
  return lgError('LG_RUNTIME_USAGE', `--topology ${file}: ${why}; write {"edges":[{"from","to"}]}`);
}
