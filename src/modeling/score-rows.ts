import type { Connection, Dialect } from '../adapters/adapter.ts';
import type { Columns, TypedColumns } from '../core/columns.ts';
import type { RegistryContent } from '../core/model-version.ts';
import type { ResultColumn } from '../core/result-table.ts';
import type { Span } from '../core/span.ts';
import type { StakedByDay } from '../pricing/kelly-stakes.ts';
import { checkAnswers } from './check-answers.ts';
import { answersFor, candidatesFor } from './choose-answers.ts';
import type { ModelTools } from './model-tools.ts';
import { openModels } from './open-models.ts';
import { checkCategories, checkColumns, scoringQuery, wantedColumns } from './score-columns.ts';
import { cardOf, scorePortion } from './score-portion.ts';
import type { ScoreSettings } from './score-settings.ts';

/** What scoring reads and asks with. */
export interface Scoring {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly registry: RegistryContent;
  readonly models: ModelTools;
  /** Name in the registry. */
  readonly name: string;
  readonly span: Span;
  /** About how many rows are scored at a time; as many as fill some 30 MB unless said. */
  readonly rowsAtOnce?: number | undefined;
}

/**
 * Scores the rows of a SELECT in the order of date, group and key: kept columns, what the model says, and which version
 * said it. A row no version may speak of has NULLs. `write` gets portion by portion, of whole groups, at least one; the
 * rows do not depend on where they are parted.
 * @throws ProjectError 'unknown-model', 'feature-mismatch', 'model-config', 'model-artifact'; DatabaseError
 */
export async function scoreRows(
  sql: string,
  columns: readonly ResultColumn[],
  settings: ScoreSettings,
  scoring: Scoring,
  write: (portion: TypedColumns) => Promise<void>,
): Promise<void> {
  const { connection, dialect, registry, models, name, span } = scoring;
  const { version, date, key } = settings;
  const candidates = await candidatesFor(name, version, registry, models.artifactsDir, span);
  const asked = checkAnswers(candidates, settings, name, span);
  const wanted = wantedColumns(settings, candidates);
  checkColumns(wanted, columns, name, span);
  checkCategories(candidates, columns, name, span);
  const together = [date, wanted.within].flatMap((column) => column ?? []);
  const rows = {
    sql: scoringQuery(sql, wanted, settings, columns, dialect, name, span),
    // A key may hold for a whole race: what a bet may stake is shared out in the order of its rows.
    order: [...new Set([...together, ...wanted.kept])],
    together: new Set(together).size || key.length,
    size: scoring.rowsAtOnce ?? rowsAtOnce(wanted.all.length),
  };
  const staked: StakedByDay = new Map();
  let before = 0;
  let seen = 0;
  let silent = 0;
  await using open = openModels(models.estimators);
  await connection.readPortions(rows, async (read: Columns) => {
    const card = cardOf(read, wanted, settings, span);
    const answers = answersFor(name, version, candidates, card.count, card.days, registry);
    const said = { asked, answers, open, before, staked };
    await write(await scorePortion(card, { ...said, models, columns, wanted, settings, span }));
    before += card.count;
    seen += seenRows(answers, card.days);
    silent += answers.reduce((left, answer) => left - answer.rows.length, card.count);
  });
  if (seen > 0) warnOfSeenRows(seen, scoring);
  const hasFolds = candidates.some(({ bundle }) => bundle.folds.length > 0);
  if (version.by === 'folds' && silent > 0 && !hasFolds) warnOfNoFolds(silent, scoring);
}

/** Doubles of a portion; as many contributions come beside them where reasons are asked for. */
const VALUES_AT_ONCE = 2 ** 22;
const MOST_ROWS = 2 ** 16;

const rowsAtOnce = (columns: number): number =>
  Math.max(1, Math.min(MOST_ROWS, Math.floor(VALUES_AT_ONCE / columns)));

type Answers = ReturnType<typeof answersFor>;

/** Rows of days their model has learned from. */
function seenRows(answers: Answers, days: Int32Array | undefined): number {
  if (!days) return 0;
  let seen = 0;
  for (const { model, rows } of answers) {
    for (const row of rows) if ((days[row] as number) < model.from) seen += 1;
  }
  return seen;
}

/** A model foretells what it has learned by heart better than it should. */
function warnOfSeenRows(seen: number, { models, name, span }: Scoring): void {
  models.warn(
    `${seen} rows are of days model '${name}' was trained on: its answers look better than they are; version='folds' asks models that have not seen them`,
    span,
  );
}

/** Folds of groups foretell nobody's past; nor does a single one, which nothing was learned before. */
function warnOfNoFolds(silent: number, { models, name, span }: Scoring): void {
  models.warn(
    `${silent} rows have no answer: model '${name}' has no folds that may speak of days before its test; walk_forward, expanding or purged with two folds make them`,
    span,
  );
}
