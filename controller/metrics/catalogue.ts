/**
 * Every metric as data: its name, unit, definition and source, and how it follows from columns. Screens, exports, documents
 * and the command line take all of that from here.
 */
import { biofeedbackMetrics, headlineMetrics, symmetryMetrics, workMetrics } from './catalogue/both-sides.ts';
import { angleMetrics, gaitMetrics } from './catalogue/gait.ts';
import type { Metric, SessionKey } from './catalogue/metric.ts';
import { reachMetrics, smoothnessMetrics } from './catalogue/reaching.ts';

export const metricGroups: readonly { readonly title: string; readonly metrics: readonly Metric[] }[] = [
  { title: 'Smoothness', metrics: smoothnessMetrics },
  { title: 'Reaching and workspace', metrics: reachMetrics },
  { title: 'Gait', metrics: gaitMetrics },
  { title: 'Joints', metrics: angleMetrics },
  { title: 'Symmetry', metrics: symmetryMetrics },
  { title: 'Work', metrics: workMetrics },
  { title: 'Biofeedback', metrics: biofeedbackMetrics },
  { title: 'Session', metrics: headlineMetrics },
];

export const metricCatalogue: readonly Metric[] = metricGroups.flatMap(({ metrics }) => metrics);

/** The definition behind a number of a session; null: it is a setting or a count without one. */
export const metricOfSession = (key: SessionKey): Metric | null => metricCatalogue.find(({ sessionKey }) => sessionKey === key) ?? null;
