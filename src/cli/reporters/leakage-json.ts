import type { JudgedModels } from '../../api/judge-models.ts';
import { formatInstant } from '../../core/grain.ts';
import type { LeakFinding, PathStep } from '../../core/leakage.ts';
import type { Node } from '../../core/node.ts';

/** The outcome as programs read it: nodes by their ids, days as text; `left` is as it is, `right` after the change. */
export function leakageJson(result: JudgedModels) {
  const { models, days, grain, leaks, unsteady, suspicions, opaque, unjudged } = result;
  const ids = (nodes: readonly Node[]) => nodes.map(({ id }) => id);
  return {
    models: ids(models),
    days: days.map((day) => formatInstant(day, grain)),
    leaks: leaks.map(({ model, columns, findings, path }) => ({
      node: model.id,
      name: model.name,
      columns,
      findings: findings.map(findingJson),
      path: path?.map(stepJson) ?? null,
    })),
    unsteady: unsteady.map((finding) => ({ node: finding.model.id, ...findingJson(finding) })),
    suspicions: suspicions.map(({ model, column, path }) => ({
      node: model.id,
      name: model.name,
      column,
      path: path.map(stepJson),
    })),
    not_followed: ids(opaque),
    not_judged: ids(unjudged),
  };
}

function findingJson({ model, day, change, differences }: LeakFinding) {
  const { dates, columns, examples } = differences;
  return {
    day: formatInstant(day, model.asOf?.grain ?? 'day'),
    change,
    rows: dates.reduce((sum, one) => sum + one.onlyLeft + one.onlyRight + one.changed, 0),
    columns,
    examples: examples.map(({ key, where, columns: values }) => ({ key, where, columns: values })),
  };
}

const stepJson = ({ node, column, by }: PathStep) => ({
  node,
  column,
  role: by?.role ?? null,
  places: by?.places ?? [],
  loose_bounds: by?.looseBounds ?? [],
});
