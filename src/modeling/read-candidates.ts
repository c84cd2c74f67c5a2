import type { Connection, Dialect, Row } from '../adapters/adapter.ts';
import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import type { Candidate } from '../settlement/bet.ts';
import type { BetColumns } from './backtest-settings.ts';

const DAY_MS = 86_400_000;

/** Where the rows of a backtest come from. */
export interface CandidateSource {
  readonly sql: string;
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly span: Span;
}

/** The rows of a SELECT as bets that could be made. Rows without a probability are none. @throws DatabaseError, ProjectError 'model-rows' */
export async function readCandidates(
  bet: BetColumns,
  source: CandidateSource,
): Promise<Candidate[]> {
  const rows = await source.connection.query(candidateQuery(bet, source));
  return rows.map((row) => candidateOf(row, bet, source.span));
}

/** Instants as epoch milliseconds: the engine knows its own types. */
function candidateQuery(bet: BetColumns, { sql, dialect }: CandidateSource): string {
  const { quote } = dialect;
  const number = (name: string | undefined, as: string) =>
    `${name === undefined ? 'null' : `cast(${quote(name)} as double precision)`} as ${as}`;
  const instant = (name: string | undefined, as: string) =>
    name === undefined
      ? `null as ${as}`
      : `cast(extract(epoch from cast(${quote(name)} as timestamp)) * 1000 as double precision) as ${as}`;
  const { eachWay } = bet;
  const items = [
    ...bet.key.map((name, index) => `cast(${quote(name)} as varchar) as key_${index}`),
    `cast(${quote(bet.race)} as varchar) as race`,
    instant(bet.date, 'race_ms'),
    number(bet.probability, 'p'),
    number(bet.odds, 'odds'),
    number(bet.position, 'position'),
    instant(bet.decision, 'decision_ms'),
    instant(bet.settled, 'settled_ms'),
    instant(bet.priceTime, 'price_ms'),
    number(bet.closingOdds, 'closing_odds'),
    `${bet.side === undefined ? 'null' : quote(bet.side)} as side`,
    `${bet.runner === undefined ? 'true' : quote(bet.runner)} as runner`,
    bet.tied === undefined
      ? `count(*) over (partition by ${quote(bet.race)}, ${quote(bet.position)}) as tied`
      : number(bet.tied, 'tied'),
    number(bet.rule4, 'rule4'),
    number(eachWay?.places, 'places'),
    number(eachWay?.fraction, 'fraction'),
    number(eachWay?.pPlace, 'p_place'),
  ];
  // Counted over all rows of the race, also those nothing is said of.
  return `select * from (
select ${items.join(',\n  ')}
from (\n${sql}\n) as velo_bets
) as velo_candidates
where p is not null`;
}

function candidateOf(row: Row, bet: BetColumns, span: Span): Candidate {
  const raceMs = numberOf(row['race_ms']);
  const day = Math.floor(raceMs / DAY_MS);
  const betId = bet.key.map((_, index) => String(row[`key_${index}`])).join('|');
  if (Number.isNaN(day)) throw fail(`bet ${betId} has no date`, span);
  const position = optionalNumber(row['position']);
  return {
    betId,
    raceId: String(row['race']),
    day,
    decisionMs: numberOf(row['decision_ms']),
    settledMs: optionalNumber(row['settled_ms']) ?? (day + 1) * DAY_MS,
    ...present('priceMs', optionalNumber(row['price_ms'])),
    side: sideOf(row['side'], betId, span),
    p: numberOf(row['p']),
    odds: numberOf(row['odds']),
    ...present('closingOdds', optionalNumber(row['closing_odds'])),
    ...(bet.eachWay ? { eachWay: termsOf(row) } : {}),
    result: {
      runner: row['runner'] !== false,
      position,
      tied: position === undefined ? 1 : numberOf(row['tied']),
      rule4: optionalNumber(row['rule4']) ?? 0,
    },
  };
}

const termsOf = (row: Row) => ({
  places: numberOf(row['places']),
  fraction: numberOf(row['fraction']),
  pPlace: numberOf(row['p_place']),
});

function sideOf(value: unknown, betId: string, span: Span): 'back' | 'lay' {
  if (value === null || value === undefined || value === 'back') return 'back';
  if (value === 'lay') return 'lay';
  throw fail(`bet ${betId} has the side '${String(value)}'`, span, "it can be 'back' or 'lay'");
}

const optionalNumber = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

/** NaN where there is none. */
const numberOf = (value: unknown): number => optionalNumber(value) ?? Number.NaN;

const present = <K extends string>(key: K, value: number | undefined) =>
  value === undefined ? {} : ({ [key]: value } as Record<K, number>);

const fail = (message: string, span: Span, hint?: string): ProjectError =>
  new ProjectError('model-rows', message, { span, hint });
