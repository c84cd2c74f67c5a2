import { beforeAll, expect, test } from 'vitest';
import { query } from '../e2e/velo.ts';
import { fixtureOf, racingWarehouse, simulatedFiles } from '../shared/racing-warehouse.ts';

const MINUTE = 60_000;

// The same simulated racing through two layouts: every horse, jockey, trainer and course has one name in both, so that
// whatever is not kept apart shows.
const SYSTEMS = ['files', 'rpscrape'] as const;
const databases = new Map<string, string>();

beforeAll(async () => {
  const files = await simulatedFiles();
  const rpscrape = fixtureOf('rpscrape');
  const both = {
    ...files,
    source: SYSTEMS,
    data_path: { files: files['data_path'], rpscrape: rpscrape['data_path'] },
  };
  for (const [name, vars] of Object.entries({ files, rpscrape, both })) {
    const { database, warned } = await racingWarehouse(vars);
    expect(warned).toEqual([]);
    databases.set(name, database);
  }
}, 10 * MINUTE);

const TABLES = [
  ...['runs', 'speed_figures', 'trainer_velocity', 'jockey_velocity', 'trainer_jockey_combo'],
  ...['horse_form', 'horse_elo', 'horse_sectionals', 'course_going_bias', 'draw_bias'],
  ...['connections', 'horse_preferences', 'class_profile', 'training_dataset'],
];
const IDS = ['race_id', 'horse_id', 'jockey_id', 'trainer_id', 'course'];

const rowsOf = async (name: string, sql: string) => query(databases.get(name) ?? '', sql);

const columnsOf = async (name: string, table: string) =>
  (
    await rowsOf(
      name,
      `select column_name from information_schema.columns
       where table_name = '${table}' and table_schema = 'main' order by ordinal_position`,
    )
  ).map(([column]) => String(column));

test.each(SYSTEMS.flatMap((system) => TABLES.map((table) => [system, table] as const)))(
  'beside another system the rows of %s are what they are alone: %s',
  async (system, table) => {
    const columns = await columnsOf(system, table);
    const quoted = columns.map((column) => `"${column}"`).join(', ');
    const stripped = columns.map((column) =>
      IDS.includes(column) ? `substr("${column}", ${system.length + 2})` : `"${column}"`,
    );
    const key = columns.find((column) => IDS.includes(column));
    const order = columns.map((_, index) => index + 1).join(', ');
    const alone = await rowsOf(system, `select ${quoted} from ${table} order by ${order}`);
    const beside = await rowsOf(
      'both',
      `select ${stripped.join(', ')} from ${table}
     where starts_with("${key}", '${system}:') order by ${order}`,
    );
    expect(alone.length).toBeGreaterThan(50);
    expect(beside).toEqual(alone);
  },
);

test('every id and course carries the name of its system', async () => {
  const plain = IDS.map((id) => `count(*) filter (not starts_with(${id}, source_system || ':'))`);
  const [counts] = await rowsOf('both', `select ${plain.join(', ')} from runs`);
  expect(counts?.map(Number)).toEqual(IDS.map(() => 0));
});

test('alone a system keeps its own ids', async () => {
  const own = await rowsOf('files', `select count(*) from runs where contains(horse_id, ':')`);
  expect(own.map(String)).toEqual(['0']);
});
