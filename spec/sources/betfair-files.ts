import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { pack } from 'tar-stream';
import { seededRandom } from '../../src/core/random.ts';
import type { Message, RunnerChange } from './stream-states.ts';

/** Made files in the layout of the source betfair: a summary of one race and a stream of four markets. */

const at = (time: string): number => Date.parse(`2024-03-${time}Z`);

const definition = (more: Readonly<Record<string, unknown>>, statuses: readonly string[]) => ({
  eventTypeId: '7',
  eventId: '500',
  marketType: 'WIN',
  name: '1m2f Hcap',
  venue: 'Hamilton',
  timezone: 'Europe/London',
  marketTime: '2024-03-31T13:00:00.000Z',
  status: 'OPEN',
  inPlay: false,
  ...more,
  runners: statuses.map((status, index) => ({ id: 11 + index, status, sortPriority: index + 1 })),
});

const ACTIVE = ['ACTIVE', 'ACTIVE', 'ACTIVE'];
const open = definition({}, ACTIVE);
const closed = definition({ status: 'CLOSED', inPlay: true }, ['WINNER', 'LOSER', 'REMOVED']);
const places = definition({ status: 'CLOSED', marketType: 'PLACE' }, [
  'WINNER',
  'WINNER',
  'REMOVED',
]);
const BSP = [2.1, 1.9, undefined];

/** The off is at 14:00 in Britain, on the day summer time began there; the first prices are of the evening before. */
const WIN_MARKET: readonly Message[] = [
  message('30T20:00', { marketDefinition: open, img: true }, [
    {
      id: 11,
      batb: [
        [0, 4, 10],
        [1, 3.9, 5],
      ],
      batl: [[0, 4.2, 8]],
      ltp: 4.1,
      tv: 100,
    },
    { id: 12, batb: [[0, 2, 50]], batl: [[0, 2.02, 1]] },
    { id: 13, batb: [[0, 10, 1]] },
  ]),
  message('31T12:30', {}, [
    {
      id: 11,
      batb: [
        [0, 3.9, 5],
        [1, 3.8, 7],
      ],
    },
  ]),
  message('31T12:40', {}, [{ id: 12, batl: [[0, 2.02, 0]], tv: 500 }]),
  message('31T12:49:59', {}, [{ id: 11, ltp: 3.95 }]),
  message('31T12:55', {}, [{ id: 11, batb: [[0, 1.5, 1]] }]),
  message('31T13:01', { marketDefinition: { ...open, inPlay: true } }, [
    { id: 11, batb: [[0, 1.1, 1]] },
  ]),
  message('31T13:05', {
    marketDefinition: {
      ...closed,
      runners: closed.runners.map((runner, i) => ({ ...runner, bsp: BSP[i] })),
    },
  }),
];

function message(
  time: string,
  market: Readonly<Record<string, unknown>>,
  rc?: readonly RunnerChange[],
): Message {
  return { op: 'mcm', pt: at(time), mc: [{ id: '1.200', ...market, ...(rc ? { rc } : {}) }] };
}

const PLACE_MARKET: readonly Message[] = [
  { op: 'mcm', pt: at('31T13:06'), mc: [{ id: '1.201', marketDefinition: places }] },
];

/** Changes without a plan, and now and then an image, of a market of greyhounds; more than one chunk of a search. */
function noise(market: string, seed: number, lists: 'offers' | 'levels'): readonly Message[] {
  const random = seededRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const size = () => (below(3) === 0 ? 0 : 1 + below(50));
  const some = <T>(make: () => T): T[] => Array.from({ length: 1 + below(3) }, make);
  const change = (id: number): RunnerChange => {
    const price = () => 2 + below(12) / 4;
    const [back, lay] =
      lists === 'offers' ? (['atb', 'atl'] as const) : (['bdatb', 'bdatl'] as const);
    const entry = () => (lists === 'offers' ? [price(), size()] : [below(3), price(), size()]);
    return {
      id,
      ...(below(4) > 0 ? { [back]: some(entry) } : {}),
      ...(below(4) > 0 ? { [lay]: some(entry) } : {}),
      ...(below(5) === 0 ? { ltp: price() } : {}),
      ...(below(5) === 0 ? { tv: below(1000) } : {}),
    };
  };
  const dogs = { ...open, eventTypeId: '4339', runners: [{ id: 21, status: 'ACTIVE' }] };
  return Array.from({ length: 400 }, (_, index) => ({
    op: 'mcm',
    pt: at('31T09:00') + index * 250,
    mc: [
      {
        id: market,
        ...(index === 0 ? { marketDefinition: dogs } : {}),
        ...(below(60) === 0 ? { img: true } : {}),
        rc: below(2) === 0 ? [change(21), change(22)] : [change(21)],
      },
    ],
  }));
}

/** Every message of the stream files, file by file. */
export const STREAM: readonly Message[] = [
  ...WIN_MARKET,
  ...PLACE_MARKET,
  ...noise('1.300', 1, 'offers'),
  ...noise('1.301', 2, 'levels'),
];

const lines = (messages: readonly Message[]): Buffer =>
  Buffer.from(messages.map((each) => `${JSON.stringify(each)}\n`).join(''));

/** Writes the files below a folder: one is gzipped, one as it is, and two are in a tar. */
export async function writeBetfairFiles(folder: string): Promise<void> {
  mkdirSync(join(folder, 'stream'), { recursive: true });
  writeFileSync(join(folder, 'stream/1.200.gz'), gzipSync(lines(WIN_MARKET)));
  writeFileSync(join(folder, 'stream/1.201.json'), lines(PLACE_MARKET));
  const tar = pack();
  tar.entry({ name: '2024/Mar/31/1.300.gz' }, gzipSync(lines(noise('1.300', 1, 'offers'))));
  tar.entry({ name: '2024/Mar/31/1.301' }, lines(noise('1.301', 2, 'levels')));
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  writeFileSync(join(folder, 'stream/dogs.tar'), Buffer.concat(chunks));
  await writeSummary(join(folder, 'summary.parquet'));
}

/** One race of four in Perth, whose rows stand twice because of a second place market. */
async function writeSummary(path: string): Promise<void> {
  const runners = `(values
    (31, 'WINNER', 'WINNER', 2.5, 2.4, 2.6), (32, 'LOSER', 'WINNER', 4.0, 3.9, 4.1),
    (33, 'LOSER', 'LOSER', 5.0, 4.8, null), (34, 'LOSER', 'LOSER', 7.0, 6.8, 7.4)
  ) as runners(id, won, placed, bsp, back, lay)`;
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`copy (
    select date '2024-04-06' as "LOCAL_MEETING_DATE", '13:10:00' as "SCHEDULED_RACE_TIME", 'Ascot' as "TRACK",
      4::bigint as "RACE_NO", 100::bigint as "WIN_MARKET_ID", 'R4 1100m Hcap' as "WIN_MARKET_NAME",
      place_market as "PLACE_MARKET_ID", 1100.0::double as "DISTANCE", 'Hcap' as "RACE_TYPE",
      id::bigint as "SELECTION_ID", won as "WIN_RESULT", bsp::double as "WIN_BSP",
      case when place_market = 101 then placed end as "PLACE_RESULT",
      case when place_market = 101 then 1.5::double end as "PLACE_BSP",
      back::double as "BEST_AVAIL_BACK_AT_SCHEDULED_OFF", lay::double as "BEST_AVAIL_LAY_AT_SCHEDULED_OFF",
      1000.0::double as "WIN_PREPLAY_VOLUME"
    from ${runners}, (values (99.0::double), (101.0::double)) as markets(place_market)
  ) to '${path}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
}
