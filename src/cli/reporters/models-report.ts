import type {
  Estimate,
  Estimates,
  Figure,
  ModelVersion,
  RegistryContent,
} from '../../core/model-version.ts';
import { formatCount } from '../terminal/number.ts';
import type { Style } from '../terminal/style.ts';
import { renderTable } from '../terminal/table.ts';

/** Every version on one line, the newest of each name first. */
export function modelsTable({ versions }: RegistryContent, width: number): string {
  if (versions.length === 0) return 'No model is registered yet: velo build --select kind:train';
  const columns = [
    { title: 'name', whole: true },
    { title: 'version' },
    { title: 'stage', whole: true },
    { title: 'log loss', align: 'right' as const, whole: true },
    { title: 'AUC within', align: 'right' as const, whole: true },
    { title: 'trained on', whole: true },
    { title: 'created (UTC)', whole: true },
  ];
  const rows = [...versions]
    .sort((a, b) => (a.name === b.name ? b.version - a.version : a.name < b.name ? -1 : 1))
    .map((one) => [
      one.name,
      one.version,
      one.stage,
      figure(one.metrics.model['log_loss']?.value),
      figure(one.metrics.model['within_race_auc']?.value),
      `${one.trainingFrom} … ${one.trainingTo}`,
      instant(one.createdAtMs),
    ]);
  return renderTable(columns, rows, width, { frame: 'open' });
}

/** One version with its metrics beside the baselines, its gate and its most important features. */
export function modelReport(version: ModelVersion, width: number, style: Style): string {
  const { metrics: report } = version;
  const { test } = report;
  const groups = test.groups === undefined ? '' : `, ${formatCount(test.groups)} groups`;
  const facts = [
    ['stage', version.stage],
    [
      'estimator',
      `${version.estimator}, ${version.objective}, ${report.rounds.join(' + ')} rounds`,
    ],
    [
      'trained on',
      `${formatCount(version.trainingRows)} rows, ${version.trainingFrom} … ${version.trainingTo}`,
    ],
    ['judged on', `${formatCount(test.rows)} rows${groups}, ${test.from} … ${test.to}`],
    ['calibration', report.calibration.method],
    ['features', String(version.features.length)],
    ['created', `${instant(version.createdAtMs)} UTC, run ${version.runId}`],
    ['commit', version.gitCommit ?? 'not in git'],
    ['files', `${version.artifactUri} (sha256 ${version.artifactSha256.slice(0, 12)}…)`],
  ].map(([label = '', value = '']) => `${style.dim(label.padEnd(12))}${value}`);
  return [
    `${style.bold(version.modelId)}\n${facts.join('\n')}`,
    metricsTable(report.model, report.baselines, width),
    ...(report.gate.length > 0 ? [gateLines(version, style)] : []),
    importanceTable(version, width),
  ].join('\n\n');
}

/** Width of figures in a pipe, and the most they take on a screen. */
const REPORT_WIDTH = 110;

/** What a run says of a version it registered, or did not: its metrics beside the baselines. */
export function trainedText(
  { version, isRegistered }: { readonly version: ModelVersion; readonly isRegistered: boolean },
  { style }: { readonly style: Style },
): string {
  const { test } = version.metrics;
  const { model, baselines } = version.metrics;
  const main = Object.fromEntries(
    MAIN_METRICS.flatMap((name) => (model[name] ? [[name, model[name]]] : [])),
  );
  const title = isRegistered
    ? `${style.bold(version.modelId)} (${version.stage})`
    : `${style.bold(version.name)} (not registered: a test failed)`;
  return [
    `${title}, judged on ${test.from} … ${test.to}:`,
    metricsTable(main, baselines, REPORT_WIDTH),
    differencesLine(version),
  ].join('\n');
}

/** How the log loss differs from each baseline's on the same days: below 0 is better. */
function differencesLine({ metrics: { differences } }: ModelVersion): string {
  const shown = Object.entries(differences).filter(([name]) => name.startsWith('log_loss - '));
  return shown.map(([name, estimate]) => `${name}: ${withInterval(estimate)}`).join(', ');
}

const MAIN_METRICS = ['log_loss', 'brier', 'within_race_auc', 'top_pick', 'ece'];

/** What a backtest came to, on one line: what people ask first. */
export function backtestText(figures: readonly Figure[]): string {
  const of = (name: string) => figures.find((figure) => figure.name === name);
  const number = (name: string, digits: number) => of(name)?.value?.toFixed(digits) ?? 'none';
  const roi = of('roi');
  const shown = roi?.value === undefined ? undefined : { ...roi, value: roi.value };
  return [
    `${number('bets', 0)} bets on ${number('days', 0)} days`,
    `turnover ${number('turnover', 2)}`,
    `P&L ${number('pnl', 2)}`,
    `ROI ${withInterval(shown) || 'none'}`,
    `max drawdown ${number('max_drawdown', 4)}`,
    `CLV ${number('clv', 4)}`,
  ].join(', ');
}

/** Versions side by side: a column for each. */
export function compareModels(versions: readonly ModelVersion[], width: number): string {
  const [first] = versions;
  const names = Object.keys(first?.metrics.model ?? {});
  const columns = [
    { title: 'metric', whole: true },
    ...versions.map((one) => ({ title: `${one.name} ${one.version}`, align: 'right' as const })),
  ];
  const rows = names.map((name) => [
    name,
    ...versions.map(({ metrics }) => withInterval(metrics.model[name])),
  ]);
  const periods = [
    'judged on',
    ...versions.map(({ metrics: { test } }) => `${test.from} … ${test.to}`),
  ];
  return renderTable(columns, [...rows, periods], width, { frame: 'open' });
}

/** Metrics of a model and its baselines: value, then interval. */
function metricsTable(
  model: Estimates,
  baselines: Readonly<Record<string, Estimates>>,
  width: number,
): string {
  const sides = Object.entries({ model, ...baselines });
  const columns = [
    { title: 'metric', whole: true },
    ...sides.map(([title]) => ({ title, align: 'right' as const, whole: true })),
  ];
  const rows = Object.keys(model).map((name) => [
    name,
    ...sides.map(([, estimates]) => withInterval(estimates[name])),
  ]);
  return renderTable(columns, rows, width, { frame: 'open' });
}

function gateLines({ metrics: { gate } }: ModelVersion, style: Style): string {
  const lines = gate.map(({ rule, passed, found }) => {
    const mark = passed ? style.green('passed') : style.red('failed');
    return `  ${mark}  ${rule}: ${found}`;
  });
  return ['gate', ...lines].join('\n');
}

const SHOWN_FEATURES = 12;

function importanceTable({ metrics: { importance } }: ModelVersion, width: number): string {
  const rows = importance
    .slice(0, SHOWN_FEATURES)
    .map(({ feature, gain, splits }) => [feature, `${(100 * gain).toFixed(1)} %`, splits]);
  const columns = [
    { title: 'feature' },
    { title: 'gain', align: 'right' as const },
    { title: 'splits' },
  ];
  return renderTable(columns, rows, width, { frame: 'open' });
}

const figure = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(4));

const withInterval = (estimate: Estimate | undefined): string => {
  if (!estimate) return '';
  const { value, lower, upper } = estimate;
  const interval =
    lower === undefined || upper === undefined ? '' : ` [${figure(lower)}, ${figure(upper)}]`;
  return `${figure(value)}${interval}`;
};

const instant = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
