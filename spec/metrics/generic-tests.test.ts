import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Adapter, Warehouse } from '../../src/adapters/adapter.ts';
import { duckdb } from '../../src/adapters/duckdb/duckdb.ts';
import { postgres } from '../../src/adapters/postgres/postgres.ts';
import { checks } from '../../src/checks/index.ts';
import { seededRandom } from '../../src/core/random.ts';
import { metrics } from '../../src/metrics/index.ts';
import { judgedRows } from '../../src/metrics/judged-rows.ts';
import { ks } from '../../src/metrics/kolmogorov-smirnov.ts';
import { psi } from '../../src/metrics/population-stability.ts';
import { createDatabase, dropDatabase } from '../postgres/database.ts';

interface Row {
  readonly day: number;
  readonly race: number;
  readonly p: number;
  readonly q: number;
  readonly won: number;
  readonly form: number | null;
}

/** 120 days of one to three races of 4 to 11; probabilities rounded, so that many are equal; form that drifts. */
function madeRows(): Row[] {
  const random = seededRandom(17);
  const rows: Row[] = [];
  for (let day = 0; day < 120; day += 1) {
    for (let race = 0; race < 1 + Math.floor(random() * 3); race += 1) {
      const starters = 4 + Math.floor(random() * 8);
      const winner = Math.floor(random() * starters);
      for (let i = 0; i < starters; i += 1) {
        const won = i === winner ? 1 : 0;
        const p = Math.round((random() + won) * 20) / 42;
        const form = random() < 0.1 + day / 600 ? null : Math.round(random() * 30 + day / 8) / 10;
        rows.push({ day, race: day * 10 + race, p, q: random() * 0.9, won, form });
      }
    }
  }
  return rows;
}

const rows = madeRows();
const COLUMNS = ['day', 'race', 'p', 'q', 'won', 'form'] as const;
const column = (name: 'p' | 'q' | 'won' | 'race' | 'day') =>
  Float64Array.from(rows, (row) => row[name]);

/** Names that break SQL which does not quote them, or are those the tests use themselves. */
const NAMES: Readonly<Record<string, string>> = {
  p: 'we"ird -- name',
  q: 'p',
  won: 'y',
  race: "it's",
  day: 'order',
  form: 'value',
};

interface Opened {
  readonly warehouse: Warehouse;
  close(): Promise<void>;
}

interface Database {
  readonly adapter: Adapter;
  open(): Promise<Opened>;
}

const DATABASES: readonly Database[] = [
  {
    adapter: duckdb,
    open: async () => {
      const settings = { type: 'duckdb', path: ':memory:', threads: 1 };
      const warehouse = await duckdb.open(duckdb.parseSettings(settings));
      return { warehouse, close: async () => warehouse[Symbol.asyncDispose]() };
    },
  },
  {
    adapter: postgres,
    open: async () => {
      const { name: dbname, ...server } = await createDatabase();
      const settings = { type: 'postgres', dbname, schema: 'public', ...server };
      const warehouse = await postgres.open(postgres.parseSettings(settings));
      return {
        warehouse,
        close: async () => {
          await warehouse[Symbol.asyncDispose]();
          await dropDatabase({ name: dbname, ...server });
        },
      };
    },
  },
];

/** The made rows as a SELECT with awkward names. */
function madeTable(quote: (name: string) => string): string {
  const names = [...COLUMNS.map((name) => NAMES[name] ?? name), 'row'].map(quote);
  const values = rows.map(({ day, race, p, q, won, form }, i) => {
    return `(date '2024-01-01' + ${day}, ${race}, ${p}, ${q}, ${won}, cast(${form} as double precision), ${i})`;
  });
  return `select * from (values ${values.join(', ')}) as made(${names.join(', ')})`;
}

/** A metric of src/metrics over all rows. */
function metric(name: string, p: Float64Array, race = column('race')): number {
  const judged = judgedRows({ y: column('won'), race, day: column('day') });
  const measure = metrics.get(name).prepare(p, judged);
  return measure(new Int32Array(judged.days.count).fill(1));
}

const target = 'y';
const race = "it's";
const date_column = 'order';

/** Values of the periods, NaN for none. */
function periods(isEarlier: (day: number) => boolean, isRecent: (day: number) => boolean) {
  const of = (isIn: (day: number) => boolean) =>
    Float64Array.from(
      rows.filter(({ day }) => isIn(day)),
      ({ form }) => form ?? Number.NaN,
    );
  return [of(isEarlier), of(isRecent)] as const;
}

/** Days up to the one that holds the middle row, and those after. */
const middle = [...column('day')].sort((a, b) => a - b)[Math.ceil(rows.length / 2) - 1] as number;

const PERIODS = [
  [
    {},
    periods(
      (day) => day <= middle,
      (day) => day > middle,
    ),
  ],
  // The newest day is 119: 20 days are 100 to 119, the 50 before them 50 to 99.
  [
    { recent_days: 20, earlier_days: 50 },
    periods(
      (day) => day > 49 && day <= 99,
      (day) => day > 99,
    ),
  ],
] as const;

/** Registers the made table in a database; the function says which rows a check finds there, columns by our names. */
function findingIn({ adapter: { dialect }, open }: Database) {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
    await opened.warehouse.use((connection) =>
      connection.execute(`create table judged as ${madeTable(dialect.quote)}`),
    );
  });
  afterAll(async () => opened.close());
  return async (
    name: string,
    args: Readonly<Record<string, unknown>>,
    tested: string,
    relation = 'judged',
  ) => {
    const quoted = dialect.quote(NAMES[tested] ?? tested);
    const failing = checks.get(name).failingRows({ dialect, relation, column: quoted, args });
    if (!('query' in failing)) throw new Error(`${name} has no query`);
    return opened.warehouse.use((connection) => connection.query(failing.query));
  };
}

describe.each(DATABASES)('calibration and AUC on $adapter.name', (database) => {
  const found = findingIn(database);

  test('calibrated is the metric ece, equal probabilities in the order given', async () => {
    const ece = metric('ece', column('p'));
    const args = { target, order_by: 'row' };
    expect(await found('calibrated', { ...args, max_ece: ece + 1e-9 }, 'p')).toEqual([]);
    const [row] = await found('calibrated', { ...args, max_ece: ece - 1e-9 }, 'p');
    expect(row?.['ece']).toBeCloseTo(ece, 12);
    expect(Number(row?.['n_rows'])).toBe(rows.length);
  });

  test('calibrated without an order gives equal probabilities their mean outcome', async () => {
    // By hand: ten bins of two; each row said .3, and 6 of 20 won: nothing is off, in whatever order they lie.
    const flat = `(select 0.3 as "we""ird -- name", n < 6 as y from generate_series(0, 19) as numbers(n))`;
    expect(await found('calibrated', { target, max_ece: 0 + 1e-12 }, 'p', flat)).toEqual([]);
    // Said .3 of 10 of whom 1 won, and .7 of 10 of whom 9 won: each bin is off by .2.
    const off = `(select case when n < 10 then 0.3 else 0.7 end as "we""ird -- name", n = 0 or n > 10 as y
    from generate_series(0, 19) as numbers(n))`;
    const [row] = await found('calibrated', { target, max_ece: 0.19 }, 'p', off);
    expect(row?.['ece']).toBeCloseTo(0.2, 12);
  });

  test.each([
    ['within_race_auc', { group: race }],
    ['within_race_auc', { group: [race, 'order'] }],
    ['auc', {}],
  ])('auc_between is the metric %s with %j', async (name, args) => {
    const auc = metric(name, column('p'));
    expect(
      await found('auc_between', { target, ...args, min: auc - 1e-9, max: auc + 1e-9 }, 'p'),
    ).toEqual([]);
    for (const bound of [{ min: auc + 1e-9 }, { max: auc - 1e-9 }]) {
      const [row] = await found('auc_between', { target, ...args, ...bound }, 'p');
      expect(row?.['auc']).toBeCloseTo(auc, 12);
    }
  });
});

describe.each(DATABASES)('better_than and empty tables on $adapter.name', (database) => {
  const found = findingIn(database);

  test.each(['log_loss', 'brier'])('better_than compares the metric %s', async (name) => {
    const [own, other] = [metric(name, column('p')), metric(name, column('q'))];
    const counts = new Map<number, number>();
    for (const row of rows) counts.set(row.race, (counts.get(row.race) ?? 0) + 1);
    const prior = metric(
      name,
      Float64Array.from(rows, (row) => 1 / (counts.get(row.race) ?? 0)),
    );
    for (const [args, baseline] of [
      [{ baseline: 'p' }, other],
      [{ baseline: 'prior', group: race }, prior],
    ] as const) {
      const ahead = baseline - own;
      const settings = { target, metric: name, ...args };
      expect(await found('better_than', { ...settings, margin: ahead - 1e-9 }, 'p')).toEqual([]);
      const [row] = await found('better_than', { ...settings, margin: ahead + 1e-9 }, 'p');
      expect(row?.['loss']).toBeCloseTo(own, 12);
      expect(row?.['baseline']).toBeCloseTo(baseline, 12);
    }
  });

  test('a column is not better than itself, and a sure miss has a price', async () => {
    expect(await found('better_than', { target, baseline: NAMES['p'] ?? '' }, 'p')).toHaveLength(1);
    // By hand: −ln 1e−15 = 34.539.
    const sure = `(select 0.0 as "we""ird -- name", true as y, 0.5 as p)`;
    const [row] = await found('better_than', { target, baseline: 'p' }, 'p', sure);
    expect(row?.['loss']).toBeCloseTo(34.539, 3);
  });

  test.each([
    ['calibrated', { max_ece: 1 }],
    ['auc_between', { min: 0 }],
    ['better_than', { baseline: 'p' }],
  ])('%s does not pass when there is nothing to judge', async (name, args) => {
    expect(
      await found(name, { target, ...args }, 'p', '(select * from judged limit 0)'),
    ).toHaveLength(1);
  });
});

describe.each(DATABASES)('drift on $adapter.name', (database) => {
  const found = findingIn(database);

  test.each(PERIODS)(
    'drift between the periods %j is what src/metrics makes of them',
    async (args, [a, b]) => {
      const nulls = (values: Float64Array) => values.filter(Number.isNaN).length / values.length;
      const difference = Math.abs(nulls(b) - nulls(a));
      for (const [name, argument, value] of [
        ['feature_null_rate_stable', 'max_difference', difference],
        ['ks', 'max_distance', ks(a, b).statistic],
        ['psi', 'max_psi', psi(a, b)],
      ] as const) {
        const settings = { date_column, ...args };
        expect(value, name).toBeGreaterThan(0);
        expect(await found(name, { ...settings, [argument]: value + 1e-9 }, 'form'), name).toEqual(
          [],
        );
        expect(
          await found(name, { ...settings, [argument]: value - 1e-9 }, 'form'),
          name,
        ).toHaveLength(1);
      }
    },
  );

  test('drift is not told from fewer rows than min_rows, or of one day', async () => {
    const small = { date_column, max_distance: 0 };
    expect(await found('ks', { ...small, recent_days: 3 }, 'form')).toEqual([]);
    expect(await found('ks', { ...small, recent_days: 3, min_rows: 5 }, 'form')).toHaveLength(1);
    const oneDay = `(select * from judged where "order" = date '2024-01-01')`;
    expect(await found('ks', { ...small, min_rows: 1 }, 'form', oneDay)).toEqual([]);
  });
});

test.each<[string, Record<string, unknown>]>([
  ['calibrated', { target: 'won' }],
  ['calibrated', { target: 'won', max_ece: 2 }],
  ['auc_between', { target: 'won', group: 'race' }],
  ['auc_between', { target: 'won', group: [], min: 0.5 }],
  ['better_than', { target: 'won', baseline: 'prior' }],
  ['better_than', { target: 'won', baseline: 'q', group: 'race' }],
  ['better_than', { target: 'won', baseline: 'q', metric: 'ece' }],
  ['feature_null_rate_stable', { date_column: 'day' }],
  ['psi', { date_column: 'day', recent_days: 0 }],
  ['ks', { max_distance: 0.1 }],
])('%s refuses %j', (name, args) => {
  expect(checks.get(name).args.safeParse(args).success).toBe(false);
});
