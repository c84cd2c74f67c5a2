import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NodeId, nodeId } from '../core/node.ts';
import type { PlanStep } from '../core/plan.ts';
import { type ScheduleOptions, schedule } from './schedule.ts';

const id = (name: string): NodeId => nodeId('model', 'shop', name);

const step = (
  name: string,
  after: readonly string[] = [],
  given: Partial<PlanStep> = {},
): PlanStep => ({
  node: id(name),
  action: 'build',
  after: after.map(id),
  replace: true,
  batches: [],
  reasons: [],
  checks: [],
  checksOfAll: [],
  ...given,
});

const shortName = (node: NodeId): string => node.slice(node.lastIndexOf('.') + 1);

/** Runs a schedule and writes down what happened; steps named in `bad` fail. */
async function record(
  steps: readonly PlanStep[],
  given: Partial<ScheduleOptions> & { bad?: readonly string[] } = {},
) {
  const started: string[] = [];
  const skipped: string[] = [];
  const notStarted = await schedule({
    steps,
    limit: 1,
    durationMs: () => undefined,
    work: async ({ node }) => {
      started.push(shortName(node));
      await nextTurn();
      return !given.bad?.includes(shortName(node));
    },
    skip: ({ node }, blocker) => skipped.push(`${shortName(node)} by ${shortName(blocker)}`),
    ...given,
  });
  return { started, skipped, notStarted: notStarted.map(({ node }) => shortName(node)) };
}

test('what only looks goes on after a step that stands untested, what is made of it does not', async () => {
  const steps = [step('a'), step('look', ['a']), step('made', ['a']), step('late', ['made'])];
  const ran: string[] = [];
  const { skipped } = await record(steps, {
    work: async ({ node }) => {
      ran.push(shortName(node));
      return node === id('a') ? 'untested' : true;
    },
    onlyLooks: ({ node }) => shortName(node) === 'look' || shortName(node) === 'late',
  });
  expect(ran).toEqual(['a', 'look']);
  expect(skipped).toEqual(['made by a', 'late by a']);
});

describe('which step comes first', () => {
  const steps = [step('quick'), step('slow'), step('head'), step('tail', ['head'])];
  const past: Record<string, number> = { quick: 10, slow: 50, head: 5, tail: 60 };

  test('the one with the longest chain behind it', async () => {
    const durationMs = (node: NodeId) => past[shortName(node)];
    expect((await record(steps, { durationMs })).started).toEqual([
      'head',
      'tail',
      'slow',
      'quick',
    ]);
  });

  test('unknown steps count as the median, equal ones run in the order of the plan', async () => {
    const known: Record<string, number> = { quick: 10, slow: 50, head: 5 };
    const durationMs = (node: NodeId) => known[shortName(node)];
    // tail counts 10: head's chain takes 15
    expect((await record(steps, { durationMs })).started).toEqual([
      'slow',
      'head',
      'quick',
      'tail',
    ]);
    expect((await record(steps)).started).toEqual(['head', 'quick', 'slow', 'tail']);
  });

  test('a step that is reused takes no time', async () => {
    const reused = [step('reused', [], { action: 'reuse' }), step('quick')];
    const durationMs = () => 100;
    expect((await record(reused, { durationMs })).started).toEqual(['quick', 'reused']);
  });
});

describe('failures', () => {
  const steps = [step('a'), step('b', ['a']), step('c', ['b']), step('d'), step('e', ['d', 'c'])];

  test('everything behind is skipped, with the failed step as the cause', async () => {
    const result = await record(steps, { bad: ['a'] });
    expect(result.started).toEqual(['a', 'd']);
    expect(result.skipped).toEqual(['b by a', 'c by a', 'e by a']);
    expect(result.notStarted).toEqual([]);
  });

  test('failFast starts nothing more and tells what was left', async () => {
    const result = await record(steps, { bad: ['a'], failFast: true });
    expect(result).toEqual({ started: ['a'], skipped: [], notStarted: ['b', 'c', 'd', 'e'] });
  });

  test('after an abort nothing starts, what runs ends', async () => {
    const stop = new AbortController();
    const ended: string[] = [];
    const notStarted = await schedule({
      steps,
      limit: 2,
      durationMs: () => undefined,
      skip: () => undefined,
      signal: stop.signal,
      work: async ({ node }) => {
        if (node === id('d')) stop.abort();
        await nextTurn();
        ended.push(shortName(node));
        return true;
      },
    });
    expect(ended).toEqual(['a', 'd']);
    expect(notStarted.map(({ node }) => shortName(node))).toEqual(['b', 'c', 'e']);
  });

  test('an abort before the start runs nothing', async () => {
    const result = await record(steps, { signal: AbortSignal.abort() });
    expect(result.started).toEqual([]);
    expect(result.notStarted).toHaveLength(5);
  });

  test('a bug waits for what runs, then surfaces', async () => {
    const ended: string[] = [];
    const running = schedule({
      steps,
      limit: 2,
      durationMs: () => undefined,
      skip: () => undefined,
      work: async ({ node }) => {
        if (node === id('a')) throw new TypeError('a bug');
        await nextTurn();
        ended.push(shortName(node));
        return true;
      },
    });
    await expect(running).rejects.toThrow(new TypeError('a bug'));
    expect(ended).toEqual(['d']);
  });

  test('a plan in a wrong order, and no thread at all, are bugs', async () => {
    await expect(record([step('b', ['a']), step('a')])).rejects.toThrow('puts model.shop.b before');
    await expect(record(steps, { limit: 0 })).rejects.toThrow('at least one thread');
  });

  test('inputs outside of the plan count as there', async () => {
    expect((await record([step('b', ['elsewhere'])])).started).toEqual(['b']);
  });

  test('an empty plan is done', async () => expect((await record([])).started).toEqual([]));
});

const plans = fc.record({
  after: fc.array(fc.array(fc.nat(30), { maxLength: 3 }), { maxLength: 30 }),
  bad: fc.uniqueArray(fc.nat(30), { maxLength: 4 }),
  limit: fc.integer({ min: 1, max: 6 }),
  past: fc.array(fc.option(fc.nat(100), { nil: undefined }), { minLength: 31, maxLength: 31 }),
  turns: fc.array(fc.nat(4), { minLength: 31, maxLength: 31 }),
});

test('property: order, limit, skips and slots hold for any plan, and a replay is the same', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ after, bad, limit, past, turns }) => {
      const steps = after.map((list, i) => step(`${i}`, list.filter((j) => j < i).map(String)));
      const simulate = async () => {
        const started: number[] = [];
        const well = new Set<NodeId>();
        const skipped = new Map<NodeId, NodeId>();
        const busy = new Set<number>();
        const left = await schedule({
          steps,
          limit,
          durationMs: (node) => past[Number(shortName(node))],
          skip: ({ node }, blocker) => skipped.set(node, blocker),
          work: async ({ node, after: inputs }, thread) => {
            const i = Number(shortName(node));
            expect(inputs.every((input) => well.has(input))).toBe(true);
            expect(thread >= 1 && thread <= limit && !busy.has(thread)).toBe(true);
            busy.add(thread);
            started.push(i);
            for (let turn = 0; turn < (turns[i] ?? 0); turn += 1) await Promise.resolve();
            busy.delete(thread);
            if (!bad.includes(i)) well.add(node);
            return !bad.includes(i);
          },
        });
        return { started, skipped, left };
      };
      const { started, skipped, left } = await simulate();
      const blocked = blockedSteps(after, bad);
      expect(left).toEqual([]);
      expect([...started].sort()).toEqual([...after.keys()].filter((i) => !blocked[i]).sort());
      expect([...skipped.keys()].map(shortName).sort()).toEqual(
        [...after.keys()]
          .filter((i) => blocked[i])
          .map(String)
          .sort(),
      );
      for (const blocker of skipped.values()) expect(bad).toContain(Number(shortName(blocker)));
      expect((await simulate()).started).toEqual(started);
    }),
  );
});

/** By the definition: a step is blocked when one it waits for fails or is blocked. */
function blockedSteps(after: readonly (readonly number[])[], bad: readonly number[]): boolean[] {
  const blocked: boolean[] = [];
  for (const [i, list] of after.entries()) {
    blocked[i] = list.some((j) => j < i && (blocked[j] || bad.includes(j)));
  }
  return blocked;
}

test('10,000 steps are all run, ready at once or one after another', async () => {
  const wide = Array.from({ length: 10_000 }, (_, i) => step(`${i}`));
  const chain = Array.from({ length: 10_000 }, (_, i) => step(`${i}`, i === 0 ? [] : [`${i - 1}`]));
  for (const steps of [wide, chain]) {
    let ran = 0;
    await schedule({
      steps,
      limit: 8,
      durationMs: (node) => Number(shortName(node)) % 97,
      skip: () => undefined,
      work: async () => {
        ran += 1;
        return true;
      },
    });
    expect(ran).toBe(10_000);
  }
});
