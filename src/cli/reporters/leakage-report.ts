import type { JudgedModels } from '../../api/judge-models.ts';
import { formatInstant } from '../../core/grain.ts';
import type { Leak, LeakFinding, PathStep, Suspicion } from '../../core/leakage.ts';
import type { Manifest, Node } from '../../core/node.ts';
import type { RowDifference } from '../../core/row-differences.ts';
import type { Span } from '../../core/span.ts';
import { plural } from '../terminal/number.ts';
import type { Style } from '../terminal/style.ts';
import { padEnd } from '../terminal/width.ts';

/** Everything that was found, a paragraph each, and how many models are clean. */
export function leakageReport(result: JudgedModels, style: Style): string {
  const { leaks, unsteady, suspicions, unjudged, grain } = result;
  const shownDays = result.days.map((day) => formatInstant(day, grain));
  return [
    ...leaks.map((leak) => leakText(leak, result, style)),
    ...unsteady.map((finding) => unsteadyText(finding, style)),
    ...suspicions.map((one) => suspicionText(one, result.manifest, style)),
    ...unjudged.map(
      (model) =>
        `${style.yellow('no rows')}  ${model.name} has none on these days: nothing was tried (--dates takes others)`,
    ),
    style.dim(`Tried ${shownDays.join(', ') || 'no day: the inputs have none before --as-of'}`),
    closingLine(result, style),
  ].join('\n\n');
}

export function leakText(
  leak: Leak,
  { manifest, days, grain }: JudgedModels,
  style: Style,
): string {
  const { model, columns, findings, path } = leak;
  const shownOn = new Set(findings.map(({ day }) => day)).size;
  const what = columns.length > 0 ? few(columns, SHOWN_COLUMNS) : 'which rows there are';
  const [first] = findings;
  return [
    `${style.red('LEAK')}  ${style.bold(model.name)}: ${what} ${style.dim(`(${model.span.file})`)}`,
    `  changed on ${shownOn} of ${plural(days.length, grain)}`,
    ...(first ? findingLines(first) : []),
    ...(path ? pathLines(path, manifest, style) : ['  no way could be followed through the SQL']),
  ].join('\n');
}

function findingLines({ model, day, change, differences }: LeakFinding): string[] {
  const shown = formatInstant(day, model.asOf?.grain ?? 'day');
  const cause =
    change === 'permuted'
      ? `when outcomes on and after ${shown} changed places`
      : `when later rows and the outcomes of ${shown} were not there yet`;
  return [`  ${cause}:`, ...differences.examples.map((one) => `    ${exampleText(one, model)}`)];
}

function exampleText({ key, where, columns }: RowDifference, { asOf }: Node): string {
  const names = Object.entries(key).filter(([name]) => name !== asOf?.column);
  const row = names.map(([name, value]) => `${name} ${String(value)}`).join(', ');
  if (where !== 'both') return `${row}: ${where === 'left' ? 'the row went' : 'a new row'}`;
  const values = columns.map(({ name, left, right }) => `${name} ${shown(left)} → ${shown(right)}`);
  return `${row}: ${few(values, SHOWN_VALUES)}`;
}

const SHOWN_COLUMNS = 6;
const SHOWN_VALUES = 2;

/** The first of them, and how many more there are. */
const few = (words: readonly string[], count: number): string =>
  words.length > count + 1
    ? `${words.slice(0, count).join(', ')} and ${words.length - count} more`
    : words.join(', ');

const shown = (value: unknown): string =>
  value === null || value === undefined
    ? 'NULL'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

/** Each column on the way, and the lines that make it from the one before. */
function pathLines(path: readonly PathStep[], { nodes }: Manifest, style: Style): string[] {
  const names = path.map(({ node, column }) => `${nodes.get(node)?.name ?? node}.${column}`);
  const width = Math.max(...names.map((name) => name.length));
  return path.flatMap(({ node, by }, i) => {
    const made = by ? by.places.map(placeText) : [declaredAt(nodes.get(node))];
    const places = made.length > 0 ? made : [nodes.get(node)?.span.file ?? ''];
    const role = by?.role === 'rows' ? ' (decides which rows count)' : '';
    const arrow = i === 0 ? '  ' : '→ ';
    const loose = by?.looseBounds.map(placeText) ?? [];
    return [
      `  ${arrow}${padEnd(names[i] ?? '', width)}  ${style.dim(places.join(', '))}${role}`,
      ...loose.map(
        (place) => `    ${style.yellow(`the bound at ${place} lets the day itself in`)}`,
      ),
    ];
  });
}

const placeText = ({ file, line }: Span): string => `${file}:${line}`;

const declaredAt = (node: Node | undefined): string =>
  node?.propertiesPath ?? node?.span.file ?? '';

function unsteadyText({ model, differences }: LeakFinding, style: Style): string {
  const columns = differences.columns.map(({ name }) => name).join(', ') || 'rows';
  return [
    `${style.yellow('UNSTEADY')}  ${style.bold(model.name)}: ${columns} ${style.dim(`(${model.span.file})`)}`,
    '  two builds of the same inputs differ, so nothing can be said',
    `  ${style.cyan('hint:')} velo verify -s ${model.name} shows whether it depends on the batch; random() and now() do the same`,
  ].join('\n');
}

export const suspicionText = (
  { model, column, path }: Suspicion,
  manifest: Manifest,
  style: Style,
): string =>
  [
    `${style.yellow('suspicious')}  ${style.bold(`${model.name}.${column}`)}: no time bound keeps the day's own outcome out; no experiment changed it`,
    ...pathLines(path, manifest, style),
    `  ${style.cyan('hint:')} if a column on the way is known before, say 'outcome: false' of it`,
  ].join('\n');

function closingLine(
  { models, leaks, unsteady, suspicions, unjudged }: JudgedModels,
  style: Style,
): string {
  const others = [...leaks, ...unsteady].map(({ model }) => model.id);
  const clean = models.length - new Set([...others, ...unjudged.map(({ id }) => id)]).size;
  const parts = [
    `${clean} of ${plural(models.length, 'model')} clean`,
    ...(leaks.length > 0 ? [plural(leaks.length, 'leak')] : []),
    ...(unsteady.length > 0 ? [`${unsteady.length} could not be judged`] : []),
    ...(unjudged.length > 0 ? [`${unjudged.length} not tried`] : []),
    ...(suspicions.length > 0 ? [plural(suspicions.length, 'suspicion')] : []),
  ];
  return style.bold(`${parts.join(', ')}.`);
}
