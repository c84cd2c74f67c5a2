import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type PlanOptions, plan } from '../../../src/api/plan.ts';
import { formatInterval } from '../../../src/core/grain.ts';
import type { Manifest, NodeId } from '../../../src/core/node.ts';
import type { Plan, PlanStep } from '../../../src/core/plan.ts';
import { build } from '../../as-of/build.ts';
import { makeProject } from '../../e2e/velo.ts';

type Options = Partial<Omit<PlanOptions, 'emit'>>;

/** `earlier` runs of the project in `project/`, then `write` changes files, then `plan` must print as `expected`. */
interface Case {
  readonly what: string;
  readonly earlier?: readonly { readonly options: Options }[];
  readonly write?: Readonly<Record<string, string>>;
  readonly plan: Options;
  readonly expected: string;
}

const CASES = join(import.meta.dirname, 'cases');
const NOW = Date.parse('2024-03-01T12:00:00Z');

test.each(readdirSync(CASES).sort())('%s', async (file) => {
  const { earlier = [], write = {}, plan: options, expected } = parse(
    readFileSync(join(CASES, file), 'utf8'),
  ) as Case;
  const { dir, write: change } = makeProject({});
  cpSync(join(import.meta.dirname, 'project'), dir, { recursive: true });
  for (const run of earlier) await build(dir, run.options);
  change(write);
  const planned = await plan({
    command: 'build',
    environment: { HOME: dir },
    now: () => NOW,
    ...options,
    projectDir: dir,
    emit: () => undefined,
  });
  expect(print(planned)).toBe(expected);
});

/** A line for each step that is built, in the order of the plan, and one for all that stays as it is. */
function print({ plan: { steps }, manifest }: { plan: Plan; manifest: Manifest }): string {
  const nameOf = (id: NodeId) => manifest.nodes.get(id)?.name ?? id;
  const building = steps.filter(({ action }) => action === 'build');
  const reused = steps.filter(({ action }) => action === 'reuse');
  const lines = building.map((step) =>
    [
      `build ${nameOf(step.node)}`,
      step.reasons.map(({ code, text }) => `${code}: ${text}`).join('; '),
      ...dates(step),
      ...listed('tests', step.checks.map(nameOf)),
      ...listed('after', step.after.map(nameOf)),
    ].join(' — '),
  );
  const rest = reused.length > 0 ? [`reuse ${reused.map(({ node }) => nameOf(node)).toSorted().join(', ')}`] : [];
  return `${[...lines, ...rest].join('\n')}\n`;
}

function dates({ batches, replace }: PlanStep): string[] {
  if (batches.length === 0) return [];
  const texts = batches.map((batch) =>
    batch.start === batch.end ? 'empty' : formatInterval(batch, 'day'),
  );
  return [`${replace ? 'made anew' : 'filled'}: ${texts.join(', ')}`];
}

const listed = (title: string, names: readonly string[]): string[] =>
  names.length > 0 ? [`${title}: ${names.toSorted().join(', ')}`] : [];
