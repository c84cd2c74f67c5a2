import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../../src/config/environment.ts';
import { hasRecords, readInvocations, readScenarios } from '../../dbt/records.ts';
import { compareCall, type Difference } from './compare-call.ts';
import { MEANT } from './meant.ts';
import { replay } from './replay.ts';
import { shopPostgres } from './shop-postgres.ts';

/** Calls that differ because of what velo does not do yet, by what that is: to be worked off. */
const UNBUILT = new URL('unbuilt.json', import.meta.url);

type ByFeature = Readonly<Record<string, readonly number[]>>;

/** What differs, in a word each: `lines`, `exit`, `rows`. */
const wordsOf = ({ exit, lines, relations }: Difference): string =>
  [exit && 'exit', lines && 'lines', relations.length > 0 && 'rows'].filter(Boolean).join(' ');

test.skipIf(!hasRecords)(
  'dbt’s recorded scenarios (skipped without ../shared)',
  async () => {
    const postgres = await shopPostgres();
    const replayed = await replay(2, postgres).finally(postgres.drop);
    const calls = readInvocations();
    const steps = new Map(
      readScenarios().flatMap((one) => one.steps.map((step) => [step.n, step] as const)),
    );
    const differences = replayed.flatMap((one) => {
      const call = calls.get(one.n);
      const step = steps.get(one.n);
      if (!call || !step) throw new Error(`call ${one.n} was not recorded`);
      return compareCall(call, step, one) ?? [];
    });
    const others = differences.filter((one) => wordsOf(one) !== '');
    const texts = differences.length - others.length;
    process.stdout.write(
      `${replayed.length - others.length} of ${calls.size} as recorded, ${texts} of them but for the text of an error\n`,
    );
    expect(replayed.length).toBe(calls.size);
    const unbuilt: ByFeature = JSON.parse(readFileSync(UNBUILT, 'utf8'));
    const meant = MEANT.flatMap(({ calls: listed }) => listed);
    const open = new Set(others.map(({ n }) => n).filter((n) => !meant.includes(n)));
    if (readEnvironment()['VELO_UPDATE_UNBUILT']) return update(unbuilt, open);
    expect(
      meant.filter((n) => !others.some((one) => one.n === n)),
      'of meant.ts these are as recorded now',
    ).toEqual([]);
    const listed = Object.values(unbuilt).flat();
    expect(
      [...open].filter((n) => !listed.includes(n)),
      'not as recorded',
    ).toEqual([]);
    expect(
      listed.filter((n) => !open.has(n)),
      'as recorded now: VELO_UPDATE_UNBUILT=1 takes them out of unbuilt.json',
    ).toEqual([]);
  },
  300_000,
);

/** Takes out what is as recorded; what is new stands under the first feature, to be sorted by hand. */
function update(unbuilt: ByFeature, open: ReadonlySet<number>): void {
  const known = new Set(Object.values(unbuilt).flat());
  const left = Object.entries(unbuilt).flatMap(([feature, calls]) => {
    const still = calls.filter((n) => open.has(n));
    return still.length > 0 ? [[feature, still] as const] : [];
  });
  const unsorted = [...open].filter((n) => !known.has(n));
  const text = JSON.stringify(
    Object.fromEntries([...left, ...(unsorted.length > 0 ? [['unsorted', unsorted]] : [])]),
    null,
    1,
  );
  writeFileSync(UNBUILT, `${text.replace(/\n {2}(\d+)/g, ' $1').replace(/(\d)\n \]/g, '$1 ]')}\n`);
}
