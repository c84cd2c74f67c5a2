/** What came of a horse. */
export interface RaceResult {
  /** False: withdrawn, the bet is void. */
  readonly runner: boolean;
  /** Official position; undefined: it ran and has none. */
  readonly position: number | undefined;
  /** How many share the position: 1 unless it is a dead heat. */
  readonly tied: number;
  /** Deduction from winnings for late withdrawals (Rule 4), a share: 0.25 is 25p in the pound. */
  readonly rule4: number;
}

/** Terms of the place half of an each-way bet. */
export interface EachWay {
  readonly places: number;
  /** Of the win odds less 1, paid for a place. */
  readonly fraction: number;
  /** Probability of a place, winning included. */
  readonly pPlace: number;
}

/** A bet that could be made, one row of a backtest's query. Instants in milliseconds since 1970, UTC. */
export interface Candidate {
  readonly betId: string;
  readonly raceId: string;
  /** Day of the race, days since 1970-01-01. */
  readonly day: number;
  readonly decisionMs: number;
  /** When the price was seen; absent: known to be before the decision. */
  readonly priceMs?: number | undefined;
  /** When the result was known. */
  readonly settledMs: number;
  readonly side: 'back' | 'lay';
  /** Probability to win. */
  readonly p: number;
  /** Decimal odds offered; NaN: none, and no bet. */
  readonly odds: number;
  /** For CLV alone. */
  readonly closingOdds?: number | undefined;
  /** Absent: a win bet. */
  readonly eachWay?: EachWay | undefined;
  readonly result: RaceResult;
}

/** A bet made and settled. Money in the unit of the bank. */
export interface Bet {
  readonly betId: string;
  readonly raceId: string;
  readonly day: number;
  readonly decisionMs: number;
  readonly settledMs: number;
  readonly side: 'back' | 'lay';
  readonly p: number;
  /** Taken, after slippage. */
  readonly odds: number;
  /** The backer's stake, of an each-way bet both halves. */
  readonly stake: number;
  /** What it could lose: the stake, of a lay stake·(O−1). */
  readonly atRisk: number;
  /** The bank it was staked from. */
  readonly bank: number;
  readonly gross: number;
  readonly commission: number;
  /** gross − commission. */
  readonly pnl: number;
  readonly void: boolean;
  /** 1 when the horse won, a dead heat too. */
  readonly won: 0 | 1;
  /** Closing line value; NaN without a closing price. */
  readonly clv: number;
}
