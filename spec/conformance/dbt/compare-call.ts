import { type Invocation, readRelations, type Step } from '../../dbt/records.ts';
import type { Relation } from './messages.ts';
import { isFound, normalise, type Told } from './normalise.ts';
import type { Replayed } from './replay.ts';

/** In what a call is not as recorded. */
export interface Difference {
  readonly n: number;
  readonly exit: boolean;
  readonly lines: boolean;
  /** The texts of errors are others; nothing else is, when `lines` is false. */
  readonly errors: boolean;
  /** Names of tables and views with other columns or rows. */
  readonly relations: readonly string[];
}

/** Undefined when the call is as recorded: exit code, lines and, where they are recorded, rows. */
export function compareCall(
  recorded: Invocation,
  step: Step,
  replayed: Replayed,
): Difference | undefined {
  const dbt = normalise(recorded.stdout + recorded.stderr);
  const told = normalise(replayed.text, replayed.dir);
  // velo says what it found also where dbt does not.
  const velo = dbt.lines.some(isFound)
    ? told
    : { ...told, lines: told.lines.filter((line) => !isFound(line)) };
  const isLike = (key: keyof Told) =>
    inOrderOfWarnings(dbt[key]).join('\n') === inOrderOfWarnings(velo[key]).join('\n');
  const difference = {
    n: recorded.n,
    exit: recorded.exit !== replayed.exit,
    lines: !(isLike('lines') && isLike('nodes')),
    errors: !isLike('errors'),
    relations: step.rows ? unequal(readRelations(step.file ?? ''), replayed.relations ?? {}) : [],
  };
  const { exit, lines, errors, relations } = difference;
  return exit || lines || errors || relations.length > 0 ? difference : undefined;
}

/**
 * Warnings before what was found, or all where nothing is said of that, each with its further lines, sorted: dbt comes to
 * them in the order it reads.
 */
function inOrderOfWarnings(lines: readonly string[]): readonly string[] {
  const found = lines.findIndex(isFound);
  const end = found < 0 ? lines.length : found;
  const warnings = lines
    .slice(0, end)
    .join('\n')
    .split(/\n(?=\[WARNING\])/);
  return [...warnings.sort(), ...lines.slice(end)];
}

type Relations = Readonly<Record<string, Relation>>;

/** Tables that are not compared, and why. */
const NOT_COMPARED: ReadonlyMap<string, string> = new Map([
  ['audit_log', "the project's hooks write dbt's list of schemas into it, which has no order"],
  ['rpt_py', 'a model in Python, which velo does not run'],
]);

function unequal(dbt: Relations, velo: Relations): readonly string[] {
  const names = new Set([...Object.keys(dbt), ...Object.keys(velo)]);
  return [...names]
    .filter((name) => !NOT_COMPARED.has(name.slice(name.indexOf('.') + 1)))
    .filter((name) => shape(dbt[name]) !== shape(velo[name]))
    .sort();
}

/** A relation as text, its rows sorted. */
function shape(relation: Relation | undefined): string {
  if (!relation) return '';
  const { kind, columns, rows } = relation;
  const cells = rows.map((row) =>
    JSON.stringify(row.map((value, i) => cell(value, columns[i] ?? ['', '']))),
  );
  return JSON.stringify([kind, columns, cells.sort()]);
}

/** Numbers as numbers; times of the run as the records have them. */
function cell(value: unknown, [name, type]: readonly [string, string]): unknown {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  const text = String(value);
  if (/int/i.test(type)) return Number(text);
  if (/^(?:dbt_scd_id|scd)$/.test(name)) return '<md5>';
  const today = new Date().toISOString().slice(0, 10);
  return /^timestamp/i.test(type) && (text.startsWith(today) || text.startsWith('2024-01-10 12:'))
    ? '2024-01-10 12:MM:SS'
    : text;
}
