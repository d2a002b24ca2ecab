import type { Json } from '../../../base/canonical-json.ts';
import { parseJson } from '../../../base/parse-json.ts';
import type { Normalized, NormalizerFactory } from '../../../ports/normalizer.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { JsonDocuments } from '../json-documents.ts';
import { addAlert } from './add-alert.ts';
import { readAlertmanager } from './read-alertmanager.ts';

/** What stands between the members of a list of alerts. */
const BETWEEN = /^[\s,[\]]*$/;

/**
 * The format `alertmanager`: webhooks of Alertmanager or Grafana, lists of its API, answers of
 * Prometheus' API, one after the other.
 */
export const alertmanagerNormalizer: NormalizerFactory = (context) => {
  const documents = new JsonDocuments();
  const normalize = (texts: readonly string[]): Normalized => {
    const parts = new NormalizedParts();
    for (const text of texts) {
      if (BETWEEN.test(text)) continue;
      const document = parse(text);
      if (document === undefined) {
        parts.reject('it is no JSON', text);
        continue;
      }
      const read = readAlertmanager(document, 'alertmanager');
      if (!read.ok) parts.reject(read.error, text);
      else for (const alert of read.value) addAlert(alert, context, parts.rows);
    }
    return parts.done();
  };
  return {
    push: (bytes) => normalize(documents.push(bytes)),
    end: () => normalize(documents.end()),
  };
};

/** Without what stands between members; by hand, as a pattern would be quadratic at its end. */
function parse(text: string): Json | undefined {
  let [start, end] = [0, text.length];
  while (start < end && /[\s,[]/.test(text[start] ?? '')) start += 1;
  while (end > start && /[\s,\]]/.test(text[end - 1] ?? '')) end -= 1;
  return parseJson(text.slice(start, end));
}
