import type { Distribution, Shape } from './distribution.ts';
import type { ColumnSignal, Signal } from './signal.ts';
import type { CatalogueColumn, CatalogueTable } from './tables.ts';

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Of each table, by column. */
export type Distributions = ReadonlyMap<string, ReadonlyMap<string, Distribution>>;

/** docs/feature-catalogue.md. `sample`: of the shipped sample; `signal`: of Hong Kong's racing. */
export function renderCatalogue(
  tables: readonly CatalogueTable[],
  sample: Distributions,
  signal: Signal,
): string {
  const sections = tables.map((table) => sectionOf(table, sample, signal));
  return `${[head(tables, signal), ...sections].join('\n\n')}\n`;
}

function head(tables: readonly CatalogueTable[], signal: Signal): string {
  const { ranked, telling, inBand, outside } = summaryOf(signal);
  return `# Feature catalogue

Made by \`npm run catalogue\` from the descriptions in \`models/\` and from what was measured; do not edit. The words are those of
[the racing project](guides/racing.md).

${tables.map(({ name, columns }) => `* [\`${name}\`](#${name}), ${columns.length} columns`).join('\n')}

## How to read it

**Column**: what it is, its unit, the window of days or runs it looks back on (never the day itself), what it is read from, and what NULL
means.

**Sample**: the racing simulated for newcomers, \`npx velo build\`. The share of rows that are NULL; then, of numbers, how they spread in
twelve equal steps from percentile 1 to 99 and the lowest · percentile 5 · median · percentile 95 · highest; of words, the most frequent.

**Hong Kong**: ${count(signal.runners)} runners in ${count(signal.races)} races, ${signal.from} to ${signal.to}; data that is not in the repository. The share of
NULL. Then the within-race AUC against winning: how often the winner of a race has a higher value than another runner of it, ties half, as
the mean over races, with its 95 % interval. 0.5 tells nothing; below 0.5, low values win. Runners without a value are left out.

**Shuffled**: the same in a warehouse built anew after results were dealt out among the starters of each race (seed ${signal.seed}), history
included: what then still tells the winner is a leak. And the band around 0.5 that holds 99.9 % of such numbers: 3.29 standard deviations of
${signal.shuffles} more deals of the labels there: at 99.9 % for each of ${ranked} columns, about every fourth such page has one outside. The test
[no_label_leak](guides/leakage.md#shuffled-outcomes) tries the same in every new build. The true AUC lies outside its band for ${telling} of ${ranked} columns; the
shuffled one inside for ${inBand} of ${ranked}${outside.length === 0 ? '' : `, and outside for ${outside.join(', ')}`}. A column that is the same for all runners of every race has no AUC.`;
}

/** Of the columns that tell runners apart. */
function summaryOf({ tables }: Signal) {
  const columns = Object.entries(tables).flatMap(([table, entries]) =>
    Object.entries(entries).flatMap(([name, { ranked }]) =>
      ranked && ranked.telling > 0 ? [{ label: `\`${table}.${name}\``, ...ranked }] : [],
    ),
  );
  const inside = (value: number, [low, high]: readonly [number, number]) =>
    low <= value && value <= high;
  const outside = columns.filter(({ shuffled, band }) => !inside(shuffled, band));
  return {
    ranked: columns.length,
    telling: columns.filter(({ auc, band }) => !inside(auc, band)).length,
    inBand: columns.length - outside.length,
    outside: outside.map(({ label }) => label),
  };
}

function sectionOf(table: CatalogueTable, sample: Distributions, signal: Signal): string {
  const distributions = sample.get(table.name);
  const rows = [...(distributions?.values() ?? [])][0]?.rows ?? 0;
  const lines = table.columns.map((column) =>
    rowOf(column, distributions?.get(column.name), signal.tables[table.name]?.[column.name]),
  );
  return `## ${table.name}

${table.description} Key: ${list(table.key)}. Made from ${list(table.madeFrom)}. ${count(rows)} rows in the sample.

| column | sample | Hong Kong | shuffled |
|---|---|---|---|
${lines.join('\n')}`;
}

function rowOf(
  column: CatalogueColumn,
  distribution: Distribution | undefined,
  signal: ColumnSignal | undefined,
): string {
  const { name, description, unit, window, source, whenNull } = column;
  const facts = `Unit: ${unit}. Window: ${window}. From: ${source}. NULL: ${whenNull}.`;
  const cells = [
    `**\`${name}\`** ${description}<br>*${facts}*`,
    distribution ? sampleCell(distribution) : '',
    signal ? signalCell(signal) : '',
    signal?.ranked && signal.ranked.telling > 0 ? shuffledCell(signal.ranked) : '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const sampleCell = ({ rows, nulls, shape }: Distribution): string =>
  `NULL ${percent(nulls / rows)}<br>${shapeText(shape, rows - nulls)}`;

function shapeText(shape: Shape, values: number): string {
  switch (shape.kind) {
    case 'numbers':
      return `\`${barsText(shape.bars)}\`<br>${shape.percentiles.map(number).join(' · ')}`;
    case 'words': {
      const words = shape.top.map(({ word, rows }) => `${word} ${percent(rows / values)}`);
      const few = shape.distinct <= shape.top.length;
      // Ids are as many as rows: the most frequent say nothing.
      if (shape.distinct > 100) return `${count(shape.distinct)} different`;
      return `${words.join(', ')}${few ? '' : `, … ${shape.distinct} different`}`;
    }
    case 'dates':
      return `${shape.from} … ${shape.to}`;
    case 'empty':
      return 'no value';
  }
}

/** A bar of any rows is seen: only an empty one is a space. */
function barsText(bars: readonly number[]): string {
  const highest = Math.max(...bars);
  return bars
    .map((bar) => (bar === 0 ? ' ' : BLOCKS[Math.ceil((bar / highest) * BLOCKS.length) - 1]))
    .join('');
}

function signalCell({ nulls, ranked }: ColumnSignal): string {
  const coverage = `NULL ${percent(nulls)}`;
  if (!ranked) return coverage;
  if (ranked.telling === 0) return `${coverage}<br>same for all runners of a race`;
  return `${coverage}<br>**${auc(ranked.auc)}** ${interval(ranked.interval)}`;
}

const shuffledCell = ({ shuffled, band }: NonNullable<ColumnSignal['ranked']>): string =>
  `${auc(shuffled)}<br>${interval(band)}`;

const auc = (value: number): string => value.toFixed(3);
const interval = ([low, high]: readonly [number, number]): string => `${auc(low)}–${auc(high)}`;
const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
const count = (value: number): string => value.toLocaleString('en-US');
const number = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−');

/** `0 %` and `100 %` are exact: a share just beside them says so. */
function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share > 0.999) return '> 99.9 %';
  return `${Number((share * 100).toFixed(1))} %`;
}
