import type { Core } from '../core.ts';
import { counter, gauge } from './metric-family.ts';
import { sourceMetrics } from './source-metrics.ts';

/** Own health as Prometheus text; names end in their unit, counters in `_total`. */
export async function metricsText(core: Core): Promise<string> {
  const status = await core.evidence.status();
  const { restarts, state } = core.link.state();
  const views = core.checkpoints.catalogue.list();
  const good = views.filter((view) => view.status === 'good' || view.status === 'proven').length;
  const lines = [
    ...gauge('lastgood_evidence_up', 'Whether the evidence process is up.', [
      ['', state === 'up' ? 1 : 0],
    ]),
    ...counter('lastgood_evidence_restarts_total', 'Restarts of the evidence process.', [
      ['', restarts],
    ]),
    ...gauge('lastgood_checkpoints', 'Checkpoints by whether they are good.', [
      ['{good="true"}', good],
      ['{good="false"}', views.length - good],
    ]),
    ...gauge('lastgood_incidents_open', 'Open incidents.', [['', core.incidents.open().length]]),
    ...gauge('lastgood_runs_active', 'Runs that have not ended.', [
      ['', core.rollbacks.active().length],
    ]),
  ];
  if (status.ok) {
    const { store, sources } = status.value;
    lines.push(
      ...gauge('lastgood_records', 'Records on the timeline.', [['', store.records]]),
      ...gauge('lastgood_segments', 'Sealed segments.', [['', store.segments]]),
      ...gauge('lastgood_segment_bytes', 'Bytes of sealed segments.', [['', store.segmentBytes]]),
      ...sourceMetrics(sources),
    );
  }
  return `${lines.join('\n')}\n`;
}
