/** A stream of an exchange, read message by message: an independent way to the rows of stg_betfair_stream_prices. */

type Level = readonly [level: number, price: number, size: number];
type Offer = readonly [price: number, size: number];

export interface RunnerChange {
  readonly id: number;
  readonly ltp?: number;
  readonly tv?: number;
  readonly batb?: readonly Level[];
  readonly batl?: readonly Level[];
  readonly bdatb?: readonly Level[];
  readonly bdatl?: readonly Level[];
  readonly atb?: readonly Offer[];
  readonly atl?: readonly Offer[];
}

export interface Message {
  readonly op: string;
  readonly pt: number;
  readonly mc: readonly {
    readonly id: string;
    readonly img?: boolean;
    readonly marketDefinition?: Readonly<Record<string, unknown>>;
    readonly rc?: readonly RunnerChange[];
  }[];
}

/** Market, runner, ms since 1970, back, lay, traded, back size, lay size, volume, in play. */
export type State = readonly [string, string, number, ...(number | null)[], boolean];

interface Book {
  levels: Map<string, Level>;
  offers: Map<string, number>;
  traded: number | null;
  volume: number | null;
}

const SIDES = [
  ['back', 'batb', 'bdatb', 'atb'],
  ['lay', 'batl', 'bdatl', 'atl'],
] as const;

/** Every state of every runner, in the order of the messages; of one runner at one time the last. */
export function statesOf(messages: readonly Message[]): readonly State[] {
  const ladderOf = ladders(messages);
  const markets = new Map<string, Market>();
  const states = new Map<string, State>();
  for (const { pt, mc } of messages) {
    for (const change of mc) {
      const market = markets.get(change.id) ?? { inPlay: false, books: new Map<number, Book>() };
      markets.set(change.id, market);
      if (change.img) market.books.clear();
      if (change.marketDefinition) market.inPlay = change.marketDefinition['inPlay'] === true;
      for (const runner of change.rc ?? []) {
        const numbers = changed(market, runner, ladderOf(change.id));
        states.set(`${change.id} ${runner.id} ${pt}`, [
          change.id,
          String(runner.id),
          pt,
          ...numbers,
          market.inPlay,
        ]);
      }
    }
  }
  return [...states.values()];
}

interface Market {
  inPlay: boolean;
  readonly books: Map<number, Book>;
}

/** The numbers of a runner's state once it has changed. */
function changed(
  { books }: Market,
  change: RunnerChange,
  ladder: Ladder,
): readonly (number | null)[] {
  const book = books.get(change.id) ?? emptyBook();
  books.set(change.id, book);
  take(book, change, ladder);
  const [back, lay] = [best(book, 'back', ladder), best(book, 'lay', ladder)];
  return [back[0], lay[0], book.traded, back[1], lay[1], book.volume];
}

const emptyBook = (): Book => ({
  levels: new Map(),
  offers: new Map(),
  traded: null,
  volume: null,
});

type Ladder = 'own' | 'display' | 'depth';

/** Which lists of a market's messages are its best prices: the same for the whole file. */
function ladders(messages: readonly Message[]): (market: string) => Ladder {
  const markets = messages.flatMap(({ mc }) => mc);
  const withList = (...lists: readonly (keyof RunnerChange)[]) =>
    new Set(
      markets
        .filter(({ rc = [] }) =>
          rc.some((change) => lists.some((list) => change[list] !== undefined)),
        )
        .map(({ id }) => id),
    );
  const [own, display] = [withList('batb', 'batl'), withList('bdatb', 'bdatl')];
  return (market) => (own.has(market) ? 'own' : display.has(market) ? 'display' : 'depth');
}

function take(book: Book, change: RunnerChange, ladder: Ladder): void {
  for (const [side, own, display, depth] of SIDES) {
    if (ladder === 'depth') {
      for (const [price, size] of change[depth] ?? []) book.offers.set(`${side} ${price}`, size);
      continue;
    }
    const levels = change[ladder === 'own' ? own : display] ?? [];
    for (const level of levels) book.levels.set(`${side} ${level[0]}`, level);
  }
  book.traded = change.ltp ?? book.traded;
  book.volume = change.tv ?? book.volume;
}

function best(
  book: Book,
  side: 'back' | 'lay',
  ladder: Ladder,
): readonly [number | null, number | null] {
  if (ladder !== 'depth') {
    const [, price = 0, size = 0] = book.levels.get(`${side} 0`) ?? [];
    return size > 0 ? [price, size] : [null, null];
  }
  let found: readonly [number, number] | undefined;
  for (const [key, size] of book.offers) {
    const price = Number(key.slice(side.length + 1));
    if (!key.startsWith(side) || size <= 0) continue;
    if (!found || (side === 'back' ? price > found[0] : price < found[0])) found = [price, size];
  }
  return found ?? [null, null];
}
