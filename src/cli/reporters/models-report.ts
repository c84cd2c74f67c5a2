import type {
  Estimate,
  Estimates,
  Figure,
  ModelVersion,
  RegistryContent,
} from '../../core/model-version.ts';
import { formatCount, plural } from '../terminal/number.ts';
import type { Style } from '../terminal/style.ts';
import { renderTable } from '../terminal/table.ts';

/** Every version on one line, the newest of each name first. */
export function modelsTable({ versions }: RegistryContent, width: number): string {
  if (versions.length === 0) return 'No model is registered yet: velo build --select kind:train';
  const columns = [
    { title: 'name', whole: true },
    { title: 'version' },
    { title: 'stage', whole: true },
    { title: 'judged by', whole: true },
    { title: 'value', align: 'right' as const, whole: true },
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
      one.metrics.test ? decidesOf(one) : '',
      figure(one.metrics.model[decidesOf(one)]?.value),
      figure(one.metrics.model['within_race_auc']?.value),
      trainedDays(one),
      instant(one.createdAtMs),
    ]);
  return renderTable(columns, rows, width, { frame: 'open' });
}

/** One version with its metrics beside the baselines, its gate and its most important features. */
export function modelReport(version: ModelVersion, width: number, style: Style): string {
  const { metrics: report } = version;
  const { test } = report;
  const facts = [
    ['stage', version.stage],
    [
      'estimator',
      `${version.estimator}, ${version.objective}, ${report.rounds.join(' + ')} rounds`,
    ],
    ['trained on', trainedOn(version)],
    ['judged on', judgedOn(test)],
    ['calibration', report.calibration.method],
    ...tunedFact(version),
    ...shuffledFact(version),
    ['features', String(version.features.length)],
    ['created', `${instant(version.createdAtMs)} UTC, run ${version.runId}`],
    ['commit', version.gitCommit ?? 'not in git'],
    ['files', `${version.artifactUri} (sha256 ${version.artifactSha256.slice(0, 12)}…)`],
  ].map(([label = '', value = '']) => `${style.dim(label.padEnd(12))}${value}`);
  return [
    `${style.bold(version.modelId)}\n${facts.join('\n')}`,
    ...(test ? [metricsTable(report.model, report.baselines, width)] : []),
    ...(report.gate.length > 0 ? [gateLines(version, style)] : []),
    ...trialsTable(version, width),
    importanceTable(version, width),
  ].join('\n\n');
}

const trainedDays = ({ trainingRows, trainingFrom, trainingTo }: ModelVersion): string =>
  trainingRows === 0 ? `elsewhere, before ${trainingTo}` : `${trainingFrom} … ${trainingTo}`;

const trainedOn = (version: ModelVersion): string =>
  version.trainingRows === 0
    ? trainedDays(version)
    : `${formatCount(version.trainingRows)} rows, ${trainedDays(version)}`;

function judgedOn(test: ModelVersion['metrics']['test']): string {
  if (!test) return 'nothing here';
  const groups = test.groups === undefined ? '' : `, ${formatCount(test.groups)} groups`;
  return `${formatCount(test.rows)} rows${groups}, ${test.from} … ${test.to}`;
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
    Object.entries(model).filter(([name]) => !LESS_ASKED.includes(name)),
  );
  const title = isRegistered
    ? `${style.bold(version.modelId)} (${version.stage})`
    : `${style.bold(version.name)} (not registered: a test failed)`;
  return [
    `${title}, judged on ${test?.from} … ${test?.to}:`,
    metricsTable(main, baselines, REPORT_WIDTH),
    differencesLine(version),
  ].join('\n');
}

/** How the metric that decides differs from each baseline's on the same days: below 0 is better. */
function differencesLine(version: ModelVersion): string {
  const { differences } = version.metrics;
  const decides = `${decidesOf(version)} - `;
  const shown = Object.entries(differences).filter(([name]) => name.startsWith(decides));
  return shown.map(([name, estimate]) => `${name}: ${withInterval(estimate)}`).join(', ');
}

/** Metrics that only `velo models show` prints. */
const LESS_ASKED: readonly string[] = ['auc', 'within_race_auc_mean', 'race_log_loss'];

const decidesOf = ({ metrics }: ModelVersion): string => metrics.decides ?? 'log_loss';

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
  const names = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics.model)))];
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
    ...versions.map(({ metrics: { test } }) =>
      test ? `${test.from} … ${test.to}` : 'nothing here',
    ),
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

function shuffledFact({ metrics: { permutation } }: ModelVersion): string[][] {
  if (!permutation) return [];
  const { rows, within, repeats } = permutation;
  const among = within === 'group' ? 'within groups' : 'among all rows';
  const of = rows === 'test' ? 'of the test' : 'of the folds';
  return [['shuffled', `${among}, rows ${of}, ${plural(repeats, 'time')} each feature`]];
}

function tunedFact({ metrics: { tuning } }: ModelVersion): string[][] {
  if (!tuning) return [];
  const { trials, method, best, ended } = tuning;
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const end = ended === 'trials' ? '' : `, ended by ${ended}`;
  const count = plural(trials.length, 'trial');
  return [['tuned', `${count} by ${method}, best trial ${best}, ${Math.round(seconds)} s${end}`]];
}

const SHOWN_TRIALS = 8;

/** The trials that were nearest to the best, which stands first. */
function trialsTable({ metrics: { tuning } }: ModelVersion, width: number): string[] {
  if (!tuning) return [];
  const { trials, best, metric } = tuning;
  const bestValue = trials[best - 1]?.value ?? 0;
  const distance = (value: number | null) =>
    value === null ? Number.POSITIVE_INFINITY : Math.abs(value - bestValue);
  const nearest = trials
    .map((trial, index) => ({ ...trial, number: index + 1 }))
    .sort((a, b) => distance(a.value) - distance(b.value))
    .slice(0, SHOWN_TRIALS);
  const names = Object.keys(trials[0]?.params ?? {});
  const columns = [
    { title: 'trial', align: 'right' as const, whole: true },
    { title: metric, align: 'right' as const, whole: true },
    ...names.map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = nearest.map(({ number, value, params }) => [
    number,
    value === null ? 'failed' : figure(value),
    ...names.map((name) => shownParam(params[name])),
  ]);
  return [renderTable(columns, rows, width, { frame: 'open' })];
}

const shownParam = (value: string | number | boolean | undefined): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value ?? '');

const SHOWN_FEATURES = 12;

/** With what each costs when its values are shuffled, where that was measured: the costliest first. */
function importanceTable({ metrics }: ModelVersion, width: number): string {
  const { importance, permutation } = metrics;
  const shuffled = new Map(permutation?.features.map((one) => [one.feature, one]));
  const order = [...shuffled.keys()];
  const ordered = [...importance].sort(
    (a, b) => order.indexOf(a.feature) - order.indexOf(b.feature),
  );
  const rows = ordered
    .slice(0, SHOWN_FEATURES)
    .map(({ feature, gain, splits }) => [
      feature,
      `${(100 * gain).toFixed(1)} %`,
      splits,
      ...(permutation ? [withInterval(shuffled.get(feature))] : []),
    ]);
  const columns = [
    { title: 'feature' },
    { title: 'gain', align: 'right' as const },
    { title: 'splits' },
    ...(permutation
      ? [{ title: `${permutation.metric} lost`, align: 'right' as const, whole: true }]
      : []),
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
