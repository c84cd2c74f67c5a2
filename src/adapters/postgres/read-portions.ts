import type { Connection, OrderedRows } from '../adapter.ts';
import { quote } from './names.ts';
import { gatherRows, ROWS_AT_ONCE, type RowGather } from './read-columns.ts';
import { last, type Session } from './session.ts';

const CURSOR = 'velo_portions';
const SHARED = { shared: true };

/** By a cursor of SQL, beside which other statements may run: the server keeps the rest, on its disk when it is much. */
export async function readPortions(
  session: Session,
  { sql, order, together, size }: OrderedRows,
  use: Parameters<Connection['readPortions']>[1],
): Promise<void> {
  const ordered = order.map((name) => `${quote(name)} nulls last`).join(', ');
  await session.run(
    `declare ${CURSOR} no scroll cursor for\nselect * from (\n${sql}\n) as velo_rows\norder by ${ordered}`,
  );
  let portion: RowGather | undefined;
  let count = 0;
  let before: readonly (string | null)[] = [];
  for (;;) {
    const { rows, fields } = last(
      await session.run(`fetch forward ${ROWS_AT_ONCE} from ${CURSOR}`),
    );
    const keys = order
      .slice(0, together)
      .map((key) => fields.findIndex(({ name }) => name === key));
    portion ??= gatherRows(fields, SHARED);
    for (const row of rows) {
      if (count >= size && keys.some((key) => row[key] !== before[key])) {
        await use(portion.columns());
        portion = gatherRows(fields, SHARED);
        count = 0;
      }
      portion.add(row);
      count += 1;
      before = row;
    }
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await use(portion.columns());
  await session.run(`close ${CURSOR}`);
}
