import { expect, test } from 'vitest';
import { hasRecords, readInvocations, readScenarios } from '../../dbt/records.ts';
import { compareCall, type Difference } from './compare-call.ts';
import { MEANT } from './meant.ts';
import { replay } from './replay.ts';
import { shopPostgres } from './shop-postgres.ts';

/** Of the recorded calls; the others are listed with their reason in meant.ts. */
const LEAST_AS_RECORDED = 300;

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
    const others = differences.filter((one) => wordsOf(one).length > 0);
    const texts = differences.length - others.length;
    process.stdout.write(
      `${replayed.length - others.length} of ${calls.size} as recorded, ${texts} of them but for the text of an error\n`,
    );
    expect(replayed.length).toBe(calls.size);
    const meant = new Map(
      MEANT.flatMap(({ calls: listed, also = [] }) => listed.map((n) => [n, also] as const)),
    );
    expect(
      others.filter(({ n }) => !meant.has(n)).map(({ n }) => n),
      'not as recorded',
    ).toEqual([]);
    expect(
      others
        .filter((one) => wordsOf(one).some((word) => !isMeant(word, meant.get(one.n))))
        .map((one) => [one.n, ...wordsOf(one)]),
      'of meant.ts these differ in more than it says',
    ).toEqual([]);
    const always = MEANT.flatMap((one) => (one.isByChance ? [] : one.calls));
    expect(
      always.filter((n) => !others.some((one) => one.n === n)),
      'of meant.ts these are as recorded now',
    ).toEqual([]);
    expect(replayed.length - others.length).toBeGreaterThanOrEqual(LEAST_AS_RECORDED);
  },
  300_000,
);

type Word = 'exit' | 'lines' | 'rows';

const wordsOf = ({ exit, lines, relations }: Difference): readonly Word[] => [
  ...(exit ? (['exit'] as const) : []),
  ...(lines ? (['lines'] as const) : []),
  ...(relations.length > 0 ? (['rows'] as const) : []),
];

const isMeant = (word: Word, also: readonly string[] = []): boolean =>
  word === 'lines' || also.includes(word);
