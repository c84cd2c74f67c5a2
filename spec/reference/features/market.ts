import { mean, round9 } from '../formulas.ts';
import { groupBy } from '../group-by.ts';
import type { Row } from '../run.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A declared runner of one race; times in ms since 1970. */
export interface Runner {
  readonly race_id: string;
  readonly horse_id: string;
  readonly is_starter: boolean;
  /** When the decision falls; NULL without a time of the off. */
  readonly decision: number | null;
}

/** What one book showed of a horse from a time on. */
export interface Price {
  readonly horse_id: string;
  readonly book: string;
  readonly at: number;
  readonly price: number;
  readonly lay?: number | null;
  readonly volume?: number | null;
  readonly in_play?: boolean;
}

/** The rows of `market` of one race from all its prices, also those that came too late to count. */
export function marketOfRace(race: readonly Runner[], prices: readonly Price[]): readonly Row[] {
  const quotes = race.map((runner) => ({ runner, ...quoteOf(runner, prices) }));
  const starters = quotes.filter(({ runner }) => runner.is_starter);
  const shares = starters.map(({ implied }) => implied);
  const book = shares.includes(null) ? null : shares.reduce<number>((sum, x) => sum + (x ?? 0), 0);
  return quotes.map(({ runner, implied, row }) => {
    const counts = runner.is_starter && implied !== null;
    const shorter = shares.filter(
      (other) => other !== null && round9(other) > round9(implied ?? 0),
    );
    const rank = counts ? shorter.length + 1 : null;
    return {
      race_id: runner.race_id,
      horse_id: runner.horse_id,
      ...row,
      devig_prob: counts && book !== null ? implied / book : null,
      price_rank: rank,
      is_favourite: rank === 1,
    };
  });
}

function quoteOf(runner: Runner, prices: readonly Price[]) {
  const { decision } = runner;
  const known = prices.filter(
    ({ horse_id, at, in_play }) =>
      horse_id === runner.horse_id && decision !== null && at < decision && in_play !== true,
  );
  if (known.length === 0 || decision === null) return { implied: null, row: WITHOUT_PRICES };
  const times = known.map(({ at }) => at).sort((left, right) => left - right);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const books = [...groupBy(known, ({ book }) => book).values()].map((rows) =>
    bookOf(rows, decision),
  );
  const implied = mean(books.map(({ latest }) => 1 / latest.price)) ?? 0;
  const open = mean(books.map(({ opening }) => 1 / opening.price)) ?? 0;
  const shown = books
    .flatMap(({ latest }) => [latest.price, latest.lay ?? null])
    .filter((x) => x !== null);
  const volumes = books.map(({ latest }) => latest.volume ?? null).filter((x) => x !== null);
  const row = {
    best_price: Math.max(...books.map(({ latest }) => latest.price)),
    implied_prob: implied,
    open_prob: open,
    move: implied - open,
    velocity_per_hour: last > first ? (implied - open) / ((last - first) / HOUR_MS) : null,
    last_hour_move: mean(
      books.flatMap(({ latest, hourBefore }) =>
        hourBefore ? [1 / latest.price - 1 / hourBefore.price] : [],
      ),
    ),
    spread: shown.length > 1 ? 1 / Math.min(...shown) - 1 / Math.max(...shown) : null,
    volume: volumes.length > 0 ? volumes.reduce((sum, x) => sum + x, 0) : null,
    books: books.length,
    snapshots: known.length,
    price_age_minutes: (decision - last) / MINUTE_MS,
  };
  return { implied, row };
}

function bookOf(rows: readonly Price[], decision: number) {
  const inOrder = [...rows].sort((left, right) => left.at - right.at);
  const [opening] = inOrder;
  const latest = inOrder.at(-1);
  if (!opening || !latest) throw new Error('a book without a price');
  return { opening, latest, hourBefore: inOrder.findLast(({ at }) => at <= decision - HOUR_MS) };
}

const WITHOUT_PRICES = {
  best_price: null,
  implied_prob: null,
  open_prob: null,
  move: null,
  velocity_per_hour: null,
  last_hour_move: null,
  spread: null,
  volume: null,
  books: 0,
  snapshots: 0,
  price_age_minutes: null,
} as const;
